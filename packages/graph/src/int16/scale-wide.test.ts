import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scaleWide } from "./scale-wide.ts";

/** The published formula in whole numbers of any size. */
function exact(x: bigint, multiplier: bigint, shift: bigint): number {
  const factor = multiplier < 0x7fff0000n ? (multiplier + 0x8000n) >> 16n : 0x7fffn;
  return Number(BigInt.asIntN(32, (x * factor + (1n << (14n - shift))) >> (15n - shift)));
}

describe("scaleWide", () => {
  test("is the formula, for every sum whose result fits", () => {
    const sums = fc.bigInt({ min: -(2n ** 47n), max: 2n ** 47n - 1n });
    fc.assert(fc.property(sums, fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }), fc.integer({ min: -31, max: 7 }), (x, multiplier, shift) => {
      const real = (Number(x) * multiplier * 2 ** shift) / 2 ** 31;
      fc.pre(Math.abs(real) < 2 ** 31 - 2);
      expect(scaleWide(Number(x), { multiplier, shift })).toBe(exact(x, BigInt(multiplier), BigInt(shift)));
    }), { numRuns: 5000 });
  });

  test("keeps 15 bits of the factor", () => {
    expect(scaleWide(2 ** 30, { multiplier: 0x40008000, shift: 0 })).toBe(scaleWide(2 ** 30, { multiplier: 0x4001_0000, shift: 0 }));
    expect(scaleWide(2 ** 30, { multiplier: 0x7fffffff, shift: 0 })).toBe(2 ** 15 * 0x7fff);
  });
});
