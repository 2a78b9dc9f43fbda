import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { page, readResults, withTables } from "./runtimes-table.mjs";

interface Side {
  readonly p: number;
}

interface Runtimes {
  readonly rows: readonly { readonly float32: Readonly<Record<string, Side>> | null; readonly int8: Readonly<Record<string, Side>> }[];
}

interface Speeds {
  readonly networks: readonly { readonly model: string; readonly ratio: number; readonly low: number; readonly high: number }[];
  readonly sizes: readonly { readonly model: string; readonly precision: string; readonly oursBytes: number; readonly corpusBytes: number }[];
}

test("the page's figures are those of the committed results", () => {
  const text = readFileSync(page, "utf8");
  expect(withTables(text, readResults())).toBe(text);
});

test("on no runtime is a network significantly better or worse than on another", () => {
  const { rows } = readResults()["runtimes.json"] as Runtimes;
  expect(rows.length).toBeGreaterThanOrEqual(10);
  expect(rows.flatMap(({ float32, int8 }) => [...Object.values(float32 ?? {}), ...Object.values(int8)]).filter(({ p }) => p < 0.05)).toEqual([]);
});

test("no int8 file of ours is larger than the corpus' own for the same network", () => {
  const { sizes } = readResults()["litert-speed.json"] as Speeds;
  expect(sizes.length).toBeGreaterThanOrEqual(25);
  expect(sizes.filter(({ precision, oursBytes, corpusBytes }) => precision === "int8" && oursBytes > corpusBytes)).toEqual([]);
});

test("every file of ours has at least 0.97 of the speed of the corpus' own", () => {
  const { networks } = readResults()["litert-speed.json"] as Speeds;
  expect(networks.filter(({ ratio }) => ratio < 0.97)).toEqual([]);
});
