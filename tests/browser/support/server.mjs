// The shipped server on a free port with data of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "./paths.mjs";

const START_LIMIT_MS = 60_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(url, process_, output) {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (process_.exitCode !== null) throw new Error(`the server ended with ${process_.exitCode}:\n${output()}`);
    const ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the server was not ready within ${START_LIMIT_MS} ms:\n${output()}`);
}

function spawnServer(port, dataDirectory, flags) {
  // The server takes every SPEECHCOACH_ variable for a setting of its own.
  const { SPEECHCOACH_PROGRAM: _, ...environment } = process.env;
  const server = spawn(program, ["serve", ...flags], {
    env: {
      ...environment,
      SPEECHCOACH_SERVER__PORT: String(port),
      SPEECHCOACH_DATA_DIR: dataDirectory,
      // A machine that is busy with other tests may be slow; it is not to change the result.
      SPEECHCOACH_STT__TIME_LIMIT_MS: "120000",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  server.stdout.on("data", (data) => (output += data));
  server.stderr.on("data", (data) => (output += data));
  const ended = new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", resolve);
  });
  const end = async (signal) => {
    server.kill(signal);
    await ended;
  };
  const ready = async (url) => {
    try {
      await Promise.race([untilReady(url, server, () => output), ended.then(() => untilReady(url, server, () => output))]);
    } catch (error) {
      if (server.pid !== undefined) await end("SIGKILL");
      throw error;
    }
  };
  return { end, ready };
}

// { url, dataDirectory, kill(), start(), stop() }: kill ends it as a power cut does, start begins it anew on the same port and data.
// With SPEECHCOACH_URL set, the server that runs there is used and left alone.
export async function startServer(flags = []) {
  if (process.env.SPEECHCOACH_URL !== undefined) return { url: process.env.SPEECHCOACH_URL, stop: async () => {} };

  const dataDirectory = await mkdtemp(join(tmpdir(), "speechcoach-browser-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let server;
  const start = async () => {
    server = spawnServer(port, dataDirectory, flags);
    await server.ready(url);
  };
  const stop = async () => {
    await server.end("SIGTERM");
    await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await rm(dataDirectory, { recursive: true, force: true });
    throw error;
  }
  return { url, dataDirectory, kill: () => server.end("SIGKILL"), start, stop };
}
