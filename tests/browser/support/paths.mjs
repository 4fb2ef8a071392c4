import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const program = process.env.SPEECHCOACH_PROGRAM ?? join(repository, "build", "release", "speechcoach");
export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const screenshots = join(repository, "build", "browser");

export function recording(name) {
  return join(repository, "tests", "data", name);
}
