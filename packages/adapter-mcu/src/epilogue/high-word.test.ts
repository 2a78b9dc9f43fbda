import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { highWord } from "./high-word.ts";

const int32 = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, -1, 0, 1, 65535, 65536, -65536));

describe("words of a product", () => {
  test("the upper word is that of the exact product", () => {
    fc.assert(fc.property(int32, int32, (a, b) => {
      expect(highWord(a, b) + 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n) + 0);
    }), { numRuns: 5000 });
  });
});
