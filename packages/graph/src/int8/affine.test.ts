import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";
import { dequantizeTensor, quantizeTensor, requantizeTensor } from "./affine.ts";

const scale = fc.float({ min: Math.fround(1e-6), max: Math.fround(1e4), noNaN: true });
const anyQuant: fc.Arbitrary<Quant> = fc.record({ kind: fc.constant("affine" as const), scale: fc.tuple(scale), zeroPoint: fc.tuple(fc.integer({ min: -128, max: 127 })), axis: fc.constant(null) });
const real = (data: number[]): Tensor => ({ dtype: "float32", shape: [data.length], data: Float32Array.from(data) });
/** Float32 rounding of the quotient and of the result, relative to the largest number. */
const FLOAT_SLACK = 1 + 2 ** -16;

describe("quantize and dequantize", () => {
  test("a number inside the range returns within half a step", () => {
    fc.assert(fc.property(anyQuant, fc.double({ min: 0, max: 1, noNaN: true }), (quant, at) => {
      const [step = 1] = quant.scale;
      const [zero = 0] = quant.zeroPoint;
      const x = Math.fround(step * (-128 - zero + 255 * at));
      const [back] = dequantizeTensor({ tensor: quantizeTensor(real([x]), quant), quant }).data as Float32Array;
      expect(Math.abs((back ?? NaN) - x)).toBeLessThanOrEqual((step / 2) * FLOAT_SLACK + Math.abs(x) * 2 ** -22);
    }), { numRuns: 3000 });
  });

  test("zero is exact", () => {
    fc.assert(fc.property(anyQuant, (quant) => {
      expect(dequantizeTensor({ tensor: quantizeTensor(real([0]), quant), quant }).data[0]).toBe(0);
    }));
  });

  test("every stored number survives the way to a real and back", () => {
    const all: Tensor = { dtype: "int8", shape: [256], data: Int8Array.from({ length: 256 }, (_, i) => i - 128) };
    fc.assert(fc.property(anyQuant, (quant) => {
      expect(quantizeTensor(dequantizeTensor({ tensor: all, quant }), quant).data).toEqual(all.data);
      expect(requantizeTensor({ tensor: all, quant }, quant).data).toEqual(all.data);
    }), { numRuns: 300 });
  });

  test("numbers outside the range are held at its ends, NaN at the zero point", () => {
    const quant: Quant = { kind: "affine", scale: [0.5], zeroPoint: [3], axis: null };
    expect(quantizeTensor(real([1e9, -1e9, Infinity, -Infinity, NaN]), quant).data).toEqual(Int8Array.of(127, -128, 127, -128, 3));
  });

  test("each channel has its own scale", () => {
    const quant: Quant = { kind: "affine", scale: [1, 0.5], zeroPoint: [0, 0], axis: 1 };
    const tensor: Tensor = { dtype: "float32", shape: [1, 2, 2], data: Float32Array.of(1, 2, 1, 2) };
    expect(quantizeTensor(tensor, quant).data).toEqual(Int8Array.of(1, 2, 2, 4));
  });
});
