import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { int16Evaluators } from "../ops/int16-registry.ts";
import { ops } from "../ops/registry.ts";

const text = readFileSync(new URL("../../INT16.md", import.meta.url), "utf8");
const rows = text.split("\n").filter((line) => line.startsWith("| ")).map((line) => line.split("|")[1]?.trim() ?? "");

test("the table of int16 semantics names every op with an int16 form, and no other", () => {
  const named = rows.flatMap((row) => row.split(", ")).filter((name) => Object.hasOwn(ops, name));
  expect(named.toSorted()).toEqual(Object.keys(int16Evaluators).toSorted());
});

test("what it says to be without an int16 form has an int8 form and no int16 form", () => {
  const [, last = ""] = text.split("Without an int16 form");
  const named = Object.values(ops).map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(last));
  const missing = Object.values(ops).filter(({ name, evaluateInt8 }) => evaluateInt8 && !(name in int16Evaluators) && name !== "Quantize" && name !== "Dequantize").map(({ name }) => name);
  expect(named.toSorted()).toEqual(missing.toSorted());
});
