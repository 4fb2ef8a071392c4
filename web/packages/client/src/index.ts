// The client of a speechcoach server: REST, live recordings over the WebSocket, and the types of both.
export * from "./client.js";
export * from "./errors.js";
export * from "./frames.js";
export * from "./live_session.js";
export type * from "./types.js";
