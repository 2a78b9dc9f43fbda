import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ops } from "../ops/registry.ts";

const page = new URL("../../INT8.md", import.meta.url);
const text = readFileSync(page, "utf8");
const rows = (text.split("## Ops")[1] ?? "").split("\n").filter((line) => /^\| [A-Z]/.test(line));
const isOp = (name: string): boolean => Object.hasOwn(ops, name);

test("INT8.md has a row for every op with an int8 form, and for no other", () => {
  const named = new Set(rows.flatMap((row) => (row.split("|")[1] ?? "").split(",").map((name) => name.trim()).filter(isOp)));
  expect([...named].sort()).toEqual(Object.values(ops).filter(({ evaluateInt8 }) => evaluateInt8).map(({ name }) => name).sort());
});

test("INT8.md names every op without one", () => {
  const named = (text.split("Without an int8 form:")[1] ?? "").split(/[,.]/).map((name) => name.trim()).filter(isOp);
  expect(named.sort()).toEqual(Object.values(ops).filter(({ evaluateInt8 }) => !evaluateInt8).map(({ name }) => name).sort());
});

test("every file that INT8.md points to exists", () => {
  const files = [...text.matchAll(/\]\(((?:src|\.\.)\/[^)]*)\)/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(rows.length);
  expect(files.filter((file) => !existsSync(new URL(file, page)))).toEqual([]);
});
