import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accumulatorRange } from "./range.ts";

describe("accumulator ranges", () => {
  test("the ends are the least and largest sum over all inputs", () => {
    const small = fc.integer({ min: -5, max: 5 });
    fc.assert(fc.property(fc.array(small, { minLength: 1, maxLength: 3 }), small, small, (weights, bias, inputZero) => {
      const input = { min: -3, max: 4 };
      const values = [inputZero, ...Array.from({ length: 8 }, (_, i) => i - 3)];
      const sums = weights.reduce<readonly number[]>((all, w) => all.flatMap((sum) => values.map((q) => sum + w * (q - inputZero))), [bias]);
      expect(accumulatorRange({ weights, bias, inputZero, input })).toEqual({ min: Math.min(...sums), max: Math.max(...sums) });
    }));
  });
});
