import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sameSteps } from "./final-steps.ts";

/** A function that never falls: the sum of whole rises. */
const rising = fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }).map((rises) => rises.map((_, i) => rises.slice(0, i + 1).reduce((a, b) => a + b, 0)));

describe("sameSteps", () => {
  test("says of functions that never fall whether they agree everywhere", () => {
    fc.assert(fc.property(rising, rising, fc.boolean(), (f, other, same) => {
      const g = same ? f : other;
      const high = Math.min(f.length, g.length) - 1;
      const agree = f.slice(0, high + 1).every((x, i) => x === g[i]);
      expect(sameSteps((x) => f[x]!, (x) => g[x]!, { low: 0, high })).toBe(agree);
    }), { numRuns: 2000 });
  });

  test("finds a single number at which steps differ among a million", () => {
    const f = (x: number): number => Math.floor(x / 4000);
    const g = (x: number): number => (x === 3999 ? 1 : f(x));
    expect(sameSteps(f, f, { low: -500_000, high: 500_000 })).toBe(true);
    expect(sameSteps(f, g, { low: -500_000, high: 500_000 })).toBe(false);
  });
});
