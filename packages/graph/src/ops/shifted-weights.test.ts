import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attrs } from "../graph.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { convInt8 } from "./conv.int8.ts";
import { convTransposeInt8 } from "./conv-transpose.int8.ts";

function fact(scale: number, zeroPoint: number): Quant {
  return { kind: "affine", scale: [scale], zeroPoint: [zeroPoint], axis: null };
}

function int8(shape: readonly number[], numbers: readonly number[], quant: Quant): QTensor {
  return { tensor: { dtype: "int8", shape, data: Int8Array.from(numbers) }, quant };
}

const small: fc.Arbitrary<number> = fc.integer({ min: -60, max: 60 });

/** x [1, 4, 3, 3], w [4, 4 / group, 2, 2]. */
const cases = fc.record({
  group: fc.constantFrom(1, 2, 4),
  x: fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 36, maxLength: 36 }),
  w: fc.array(small, { minLength: 64, maxLength: 64 }),
  zero: small,
  xZero: small,
  padded: fc.boolean(),
});

function convolved(x: QTensor, w: QTensor, attrs: Attrs): readonly number[] {
  const [y] = convInt8([x, w], [fact(1, -3)], attrs);
  return Array.from(y?.data ?? [], Number);
}

describe("int8 convolution with a zero point on its weights", () => {
  test("is that of the differences to it: dense, grouped, depthwise, padded", () => {
    // Scales are powers of two, so that products of scales are equal in float32 and in double.
    fc.assert(fc.property(cases, ({ group, x, w, zero, xZero, padded }) => {
      const shape = [4, 4 / group, 2, 2];
      const own = w.slice(0, 64 / group);
      const attrs: Attrs = { group, ...(padded ? { pads: [1, 0, 1, 1] } : {}) };
      const image = int8([1, 4, 3, 3], x, fact(1 / 64, xZero));
      const shifted = int8(shape, own.map((weight) => weight + zero), fact(1 / 16, zero));
      expect(convolved(image, shifted, attrs)).toEqual(convolved(image, int8(shape, own, fact(1 / 16, 0)), attrs));
    }), { numRuns: 200 });
  });

  test("takes differences of nine bits: 127 − (−128) is 255", () => {
    const image = int8([1, 1, 1, 1], [3], fact(1, 0));
    expect(convolved(image, int8([1, 1, 1, 1], [127], fact(1 / 8, -128)), {})).toEqual([Math.round((3 * 255) / 8) - 3]);
  });

  test("has a factor whose scales are multiplied as float32 numbers, as uint8 kernels do", () => {
    // −207 · 14 steps of these scales lie between −55 and −56: the product of the scales in double rounds to −55.
    const image = int8([1, 1, 1, 1], [14], fact(0.026688583195209503, 0));
    const weights = int8([1, 1, 1, 1], [-107], fact(0.04862336814403534, 100));
    expect(convInt8([image, weights], [fact(0.06777948141098022, 0)], {})[0]?.data[0]).toBe(-56);
  });

  test("is refused with a scale a channel, and for a transposed convolution", () => {
    const image = int8([1, 1, 1, 1], [1], fact(1, 0));
    const perChannel = int8([2, 1, 1, 1], [1, 2], { kind: "affine", scale: [1, 2], zeroPoint: [0, 1], axis: 0 });
    expect(() => convolved(image, perChannel, {})).toThrow("zero point 0");
    expect(() => convTransposeInt8([image, int8([1, 1, 1, 1], [1], fact(1, 5))], [fact(1, 0)], {})).toThrow("zero point 0");
  });
});
