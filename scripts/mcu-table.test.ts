import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readResult, withTable } from "./mcu-table.mjs";

test("the README's microcontroller figures are those of the committed bench", () => {
  const readme = readFileSync(join(fileURLToPath(new URL("..", import.meta.url)), "README.md"), "utf8");
  expect(withTable(readme, readResult())).toBe(readme);
});
