// Everything is served from here: no validator elsewhere is asked, and nothing is kept but what the reader types in.
SwaggerUIBundle({
  url: "/docs/openapi.yaml",
  dom_id: "#api",
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
});
