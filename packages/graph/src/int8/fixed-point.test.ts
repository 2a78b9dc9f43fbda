import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { highMul, roundAway, scaleBy, shiftRound } from "./fixed-point.ts";

const int32 = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(-(2 ** 31), -(2 ** 31) + 1, -(2 ** 30), -1, 0, 1, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1),
);
const runs = { numRuns: 5000 };

/** Division toward zero after a nudge, as the definition states it. */
function highMulOracle(a: number, b: number): number {
  if (a === b && a === -(2 ** 31)) return 2 ** 31 - 1;
  const product = BigInt(a) * BigInt(b);
  const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
  return Number((product + nudge) / (1n << 31n));
}

/** Half away from zero, from the definition of nearest. */
function shiftOracle(x: number, exponent: number): number {
  const divisor = 1n << BigInt(exponent);
  const size = BigInt(Math.abs(x));
  const nearest = (2n * size + divisor) / (2n * divisor);
  return x < 0 ? -Number(nearest) : Number(nearest);
}

describe("fixed-point products", () => {
  test("highMul is the doubled high half of the exact product, nudged to nearest", () => {
    fc.assert(fc.property(int32, int32, (a, b) => {
      expect(highMul(a, b)).toBe(highMulOracle(a, b));
    }), runs);
  });

  test("shiftRound divides by a power of two, ties away from zero", () => {
    fc.assert(fc.property(int32, fc.integer({ min: 0, max: 31 }), (x, n) => {
      expect(shiftRound(x, n) + 0).toBe(shiftOracle(x, n) + 0);
    }), runs);
  });

  test("scaleBy rounds twice: after the product and after the right shift", () => {
    const multiplier = fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 });
    fc.assert(fc.property(int32, multiplier, fc.integer({ min: -31, max: 0 }), (x, m, shift) => {
      expect(scaleBy(x, m, shift) + 0).toBe(shiftOracle(highMulOracle(x, m), -shift) + 0);
    }), runs);
  });

  test("scaleBy shifts left before the product when the factor is above one", () => {
    fc.assert(fc.property(fc.integer({ min: -65536, max: 65535 }), fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 14 }), (x, m, shift) => {
      expect(scaleBy(x, m, shift)).toBe(highMulOracle(x * 2 ** shift, m));
    }), runs);
  });

  test("a tie of the product goes up and a tie of the shift goes away from zero", () => {
    expect([highMul(1, 2 ** 30), highMul(-1, 2 ** 30)]).toEqual([1, 0]);
    expect([shiftRound(1, 1), shiftRound(-1, 1)]).toEqual([1, -1]);
  });

  test("roundAway is C's round", () => {
    expect([-2.5, -0.5, -0.4999999701976776, 0.4999999701976776, 0.5, 2.5].map((x) => roundAway(x) + 0)).toEqual([-3, -1, 0, 0, 1, 3]);
  });
});
