// contract/ -> packages/client/src/generated/: the types of every message and answer, so that neither client nor page can drift from the wire.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";
import openapiTypescript, { astToString } from "openapi-typescript";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const contract = join(dirname(web), "contract");
const generated = join(web, "packages", "client", "src", "generated");

// json-schema-to-typescript reads draft 7 tuples.
function withDraft7Tuples(node) {
  if (Array.isArray(node)) return node.map(withDraft7Tuples);
  if (node === null || typeof node !== "object") return node;
  const { prefixItems, ...rest } = node;
  const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withDraft7Tuples(value)]));
  if (prefixItems === undefined) return converted;
  return { ...converted, items: withDraft7Tuples(prefixItems), additionalItems: false };
}

async function generateWs() {
  const schema = withDraft7Tuples(JSON.parse(await readFile(join(contract, "ws.schema.json"), "utf8")));
  const bannerComment = "/* Made from contract/ws.schema.json by tools/generate_types.mjs. */";
  return compile({ ...schema, title: "WsMessage", $id: undefined }, "WsMessage", { bannerComment, unreachableDefinitions: true });
}

async function generateRest() {
  const source = new URL(`file://${join(contract, "openapi.yaml")}`);
  return `/* Made from contract/openapi.yaml by tools/generate_types.mjs. */\n${astToString(await openapiTypescript(source))}`;
}

await mkdir(generated, { recursive: true });
await writeFile(join(generated, "ws.ts"), await generateWs());
await writeFile(join(generated, "rest.ts"), await generateRest());
