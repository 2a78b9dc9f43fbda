import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { mutations } from "./mutations.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Applying them takes minutes: `node scripts/mutate.mjs`. This keeps the list from rotting in between. */
describe("the list of mutations", () => {
  it("has no id twice", () => {
    const ids = mutations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(mutations)("$id still applies: its text is in its file once, and its test is there", ({ file, find, replace, test }) => {
    expect(readFileSync(join(root, file), "utf8").split(find).length - 1).toBe(1);
    expect(replace).not.toBe(find);
    expect(existsSync(join(root, test))).toBe(true);
  });
});
