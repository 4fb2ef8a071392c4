import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stage } from "./support/stage.mjs";

describe("the description of the API", () => {
  const set = stage();

  test("is read at /docs, and asks nobody else", async () => {
    const { page, troubles, close } = await set.open("/docs");
    await page.getByRole("heading", { name: "speechcoach" }).waitFor();
    await page.locator("#operations-sessions-createSession").waitFor();
    assert.deepEqual(troubles, []);
    await close();
  });
});
