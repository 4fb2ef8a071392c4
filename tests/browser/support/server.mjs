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

// { url, dataDirectory, stop() }. With SPEECHCOACH_URL set, the server that runs there is used and left alone.
export async function startServer() {
  if (process.env.SPEECHCOACH_URL !== undefined) return { url: process.env.SPEECHCOACH_URL, stop: async () => {} };

  const dataDirectory = await mkdtemp(join(tmpdir(), "speechcoach-browser-"));
  const port = await freePort();
  const server = spawn(program, ["serve"], {
    env: {
      ...process.env,
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
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    await rm(dataDirectory, { recursive: true, force: true });
  };

  const url = `http://localhost:${port}`;
  try {
    await Promise.race([untilReady(url, server, () => output), ended.then(() => untilReady(url, server, () => output))]);
  } catch (error) {
    if (server.pid !== undefined) await stop();
    throw error;
  }
  return { url, dataDirectory, stop };
}
