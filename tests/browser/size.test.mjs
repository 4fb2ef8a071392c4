// What a first visit costs: everything that is fetched until the list of sentences is there.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { repository } from "./support/paths.mjs";

const SCRIPT_LIMIT_BYTES = 180 * 1024;
const web = join(repository, "build", "web");

test("the scripts of the first page are small", async () => {
  const page = await readFile(join(web, "index.html"), "utf8");
  const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path);
  assert.ok(scripts.length > 0, "the page names its scripts");
  let bytes = 0;
  for (const path of scripts) bytes += (await readFile(join(web, `${path}.gz`))).length;
  assert.ok(bytes < SCRIPT_LIMIT_BYTES, `${bytes} bytes, packed`);
});
