import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expOfNegative, logisticOfQ4, oneOverOnePlus, tanhOfQ4 } from "./exponential.ts";

const ONE = 2 ** 31;
/** The series of order 4 on a quarter leaves 1e-7; each of at most seven factors rounds once. */
const SERIES_ERROR = 4e-7;
const q4 = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });
const runs = { numRuns: 3000 };

describe("fixed-point exponentials", () => {
  test.each([4, 5])("exp of a negative number with %i integer bits is that of the real number", (bits) => {
    fc.assert(fc.property(fc.integer({ min: -(2 ** 31), max: 0 }), (raw) => {
      expect(Math.abs(expOfNegative(raw, bits) / ONE - Math.exp(raw / 2 ** (31 - bits)))).toBeLessThan(SERIES_ERROR);
    }), runs);
  });

  test("1 / (1 + x) is that of the real number", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (raw) => {
      expect(Math.abs(oneOverOnePlus(raw) / ONE - 1 / (1 + raw / ONE))).toBeLessThan(2e-8);
    }), runs);
  });

  test("logistic and tanh are those of the real number", () => {
    fc.assert(fc.property(q4, (raw) => {
      const x = raw / 2 ** 27;
      expect(Math.abs(logisticOfQ4(raw) / ONE - 1 / (1 + Math.exp(-x)))).toBeLessThan(SERIES_ERROR);
      expect(Math.abs(tanhOfQ4(raw) / ONE - Math.tanh(x))).toBeLessThan(2 * SERIES_ERROR);
    }), runs);
  });

  test("logistic and tanh are mirrored at zero", () => {
    fc.assert(fc.property(q4, (raw) => {
      if (raw === 0) return;
      expect(logisticOfQ4(raw) + logisticOfQ4(-raw)).toBe(ONE - 1);
      expect(tanhOfQ4(raw) + tanhOfQ4(-raw)).toBe(0);
    }), runs);
  });
});
