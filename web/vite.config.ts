import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = "http://localhost:8000";
const SERVICE_WORKER = "sw.js";
const PACKED = /\.(js|css)$/;

// Puts into the service worker which files it keeps: all that the page consists of. Old browsers' .woff is left out.
async function listFiles(dir: string): Promise<void> {
  const KEPT = /^(assets\/.*\.(js|css|woff2)|[^/]*\.(svg|png|webmanifest))$/;
  const files = (await readdir(dir, { recursive: true })).filter((path) => KEPT.test(path)).sort();
  const hash = createHash("sha256");
  for (const path of ["index.html", ...files]) hash.update(path).update(await readFile(join(dir, path)));
  const list = JSON.stringify(["/", ...files.map((path) => `/${path}`)]);
  const version = JSON.stringify(hash.digest("hex").slice(0, 16));
  const worker = join(dir, SERVICE_WORKER);
  const source = await readFile(worker, "utf8");
  await writeFile(worker, source.replaceAll("__PAGE_FILES__", list).replaceAll("__PAGE_VERSION__", version));
}

// What /docs consists of besides public/docs: the contract, and the reader of it, whole.
const DOCS = [
  ...["openapi.yaml", "ws.schema.json"].map((name) => `../contract/${name}`),
  ...["swagger-ui-bundle.js", "swagger-ui.css"].map((name) => `node_modules/swagger-ui-dist/${name}`),
];

async function copyDocs(dir: string): Promise<void> {
  for (const path of DOCS) await copyFile(path, join(dir, "docs", basename(path)));
}

// The server sends NAME.gz in place of NAME to who takes it; it does not pack by itself.
async function packFiles(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { recursive: true })) {
    const path = join(dir, entry);
    if (PACKED.test(path)) await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
  }
}

// A font that comes late would move what is drawn already: it is taken where it is there in time (main.tsx waits a little), and
// otherwise from the next page on.
const calmFonts = {
  postcssPlugin: "calm-fonts",
  Declaration: {
    "font-display": (declaration: { value: string }) => {
      if (declaration.value !== "optional") declaration.value = "optional";
    },
  },
};

function finished(): Plugin {
  return {
    name: "finished",
    apply: "build",
    async writeBundle({ dir = "" }) {
      await listFiles(dir);
      await copyDocs(dir);
      await packFiles(dir);
    },
  };
}

export default defineConfig({
  plugins: [finished()],
  css: { postcss: { plugins: [calmFonts] } },
  resolve: { alias: { "@speechcoach/client": fileURLToPath(new URL("packages/client/src/index.ts", import.meta.url)) } },
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    target: "es2022",
    // The page is served under a strict content policy: nothing inline, no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: "index.html", sw: "src/worker/service_worker.ts" },
      // A service worker keeps its address from version to version.
      output: { entryFileNames: ({ name }) => (name === "sw" ? SERVICE_WORKER : "assets/[name]-[hash].js") },
    },
  },
  worker: { format: "es" },
  server: {
    proxy: { "/api": { target: server, ws: true }, "/healthz": server },
  },
  test: {
    include: ["{tests,packages/*/tests}/**/*.test.{ts,tsx}"],
    environment: "happy-dom",
  },
});
