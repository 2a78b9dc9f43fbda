import fc from "fast-check";
import { expect, test } from "vitest";
import { forwardOverlapBytes } from "./overlap.ts";
import { runsOf } from "./pad.ts";

test("with the overlap that is granted, no pixel is written over a byte that it or a later one reads, and one byte more would be", () => {
  const reads = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(reads, fc.integer({ min: 1, max: 4 }), (lowest, pixelBytes) => {
    const overlap = forwardOverlapBytes({ pixels: lowest.length, pixelBytes, lowestRead: (p) => lowest[p]! });
    const bytes = lowest.length * pixelBytes;
    // The output's last `overlap` bytes lie on the input's first ones: the output starts at overlap - bytes.
    const safe = (by: number): boolean => lowest.every((_, p) => lowest.slice(p).every((read) => by - bytes + (p + 1) * pixelBytes <= read));
    expect(overlap === 0 || safe(overlap)).toBe(true);
    expect(overlap === bytes || !safe(overlap + 1)).toBe(true);
  }));
});

test("runs name every shown position once, in order, and never the constant", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 12 }), (shown) => {
    const named = new Int32Array(shown.length).fill(-1);
    for (const { to, from, step, count } of runsOf(Int32Array.from(shown))) for (let i = 0; i < count; i++) named[to + i] = from + i * step;
    expect(Array.from(named)).toEqual(shown);
  }), { numRuns: 1000 });
});

test("a mirrored border is one run backwards", () => {
  expect(runsOf(Int32Array.of(2, 1, 0, 1, 2, 3, 2, 1)).map(({ step, count }) => [step, count])).toEqual([[-1, 3], [1, 3], [-1, 2]]);
});
