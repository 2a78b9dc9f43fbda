import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activationRange, multiplierOf, splitExponent, storedRange } from "./multiplier.ts";

const positive = fc.double({ min: 2 ** -31, max: 2 ** 30, noNaN: true });
const quant = { kind: "affine", scale: [Math.fround(0.1)], zeroPoint: [-28], axis: null } as const;

describe("multipliers", () => {
  test("the fraction and the exponent give the number back exactly", () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      if (x === 0) return;
      const { fraction, exponent } = splitExponent(x);
      expect(Math.abs(fraction) >= 0.5 && Math.abs(fraction) < 1).toBe(true);
      expect(exponent > 1000 ? fraction * 2 ** (exponent - 1) * 2 : exponent < -1000 ? fraction * 2 ** -1000 * 2 ** (exponent + 1000) : fraction * 2 ** exponent).toBe(x);
    }), { numRuns: 2000 });
  });

  test("a factor is within half a unit of the 31st bit", () => {
    fc.assert(fc.property(positive, (real) => {
      const { multiplier, shift } = multiplierOf(real);
      expect(multiplier >= 2 ** 30 && multiplier < 2 ** 31).toBe(true);
      expect(Math.abs((multiplier / 2 ** 31) * 2 ** shift - real)).toBeLessThanOrEqual(2 ** (shift - 32));
    }), { numRuns: 2000 });
  });

  test("a fraction that rounds up to one becomes a half with the next exponent", () => {
    expect(multiplierOf(1 - 2 ** -40)).toEqual({ multiplier: 2 ** 30, shift: 1 });
  });

  test("zero and factors below 2^-32 vanish", () => {
    expect(multiplierOf(0)).toEqual({ multiplier: 0, shift: 0 });
    expect(multiplierOf(2 ** -34)).toEqual({ multiplier: 0, shift: 0 });
  });

  test("a negative factor keeps its sign in the multiplier", () => {
    expect(multiplierOf(-0.25)).toEqual({ multiplier: -(2 ** 30), shift: -1 });
  });
});

describe("stored limits", () => {
  test("a relu starts at the zero point and a relu6 ends at six", () => {
    expect(activationRange(quant, { clampMin: 0 })).toEqual({ min: -28, max: 127 });
    expect(activationRange(quant, { clampMin: 0, clampMax: 6 })).toEqual({ min: -28, max: 32 });
  });

  test("limits outside of int8 are those of int8", () => {
    expect(storedRange(quant, -1e30, 1e30)).toEqual({ min: -128, max: 127 });
    expect(storedRange(quant, -Infinity, Infinity)).toEqual({ min: -128, max: 127 });
  });
});
