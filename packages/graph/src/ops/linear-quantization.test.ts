import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attrs } from "../graph.ts";
import { type Tensor, elementCount } from "../tensor.ts";
import { ops } from "./registry.ts";

function reals(shape: readonly number[], at: (i: number) => number): Tensor {
  return { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, (_, i) => at(i)) };
}

function int8s(shape: readonly number[], at: (i: number) => number): Tensor {
  return { dtype: "int8", shape, data: Int8Array.from({ length: elementCount(shape) }, (_, i) => at(i)) };
}

function there(x: Tensor, scale: Tensor, zeroPoint: Tensor | null, attrs: Attrs = {}): Tensor {
  return ops.QuantizeLinear.evaluate([x, scale, zeroPoint], attrs, 1)[0]!;
}

function back(q: Tensor, scale: Tensor, zeroPoint: Tensor | null, attrs: Attrs = {}): Tensor {
  return ops.DequantizeLinear.evaluate([q, scale, zeroPoint], attrs, 1)[0]!;
}

/** float32 rounds the quotient and the product, each by at most 128 · 2^-24 of a scale. */
const SLACK = 1 + 1e-4;

describe("QuantizeLinear and DequantizeLinear", () => {
  test("inside the range lose at most half a scale, per tensor, axis or block", () => {
    fc.assert(fc.property(fc.constantFrom("tensor", "axis", "block"), fc.integer({ min: -20, max: 20 }), (kind, zero) => {
      const shape = kind === "tensor" ? [] : kind === "axis" ? [5] : [2, 3, 2];
      const attrs = kind === "tensor" ? {} : kind === "axis" ? { axis: 1 } : { axis: -2, block_size: 2 };
      const scale = reals(shape, (i) => 0.01 * (i + 1));
      const x = reals([2, 5, 2], (i) => Math.sin(i * 1.3 + zero));
      const zeroPoint = int8s(shape, () => zero);
      const found = back(there(x, scale, zeroPoint, attrs), scale, zeroPoint, attrs);
      (found.data as Float32Array).forEach((y, i) => {
        const row = Math.floor(i / 2) % 5;
        const own = kind === "tensor" ? 0.01 : kind === "axis" ? 0.01 * (row + 1) : 0.01 * (Math.floor(i / 10) * 6 + Math.floor(row / 2) * 2 + (i % 2) + 1);
        const reach = Math.min(127 - zero, 128 + zero) * own;
        if (Math.abs(Number(x.data[i])) < reach) expect(Math.abs(y - Number(x.data[i]))).toBeLessThanOrEqual((own / 2) * SLACK);
      });
    }));
  });

  test("round half to even, and saturate", () => {
    const x = reals([6], (i) => [0.5, 1.5, -0.5, -2.5, 1e9, -1e9][i]!);
    expect(there(x, reals([], () => 1), int8s([], () => 0)).data).toEqual(Int8Array.of(0, 2, 0, -2, 127, -128));
    expect(there(x, reals([], () => 1), null)).toMatchObject({ dtype: "uint8", data: Uint8Array.of(0, 2, 0, 0, 255, 0) });
  });

  test("one block over the whole axis is a scale for each column, and blocks of one are element-wise", () => {
    const x = reals([4, 3], (i) => i - 6);
    const columns = reals([1, 3], (i) => i + 1);
    const blocked = there(x, columns, null, { axis: 0, block_size: 4, output_dtype: "int8" });
    expect(blocked.data).toEqual(there(x, reals([3], (i) => i + 1), null, { axis: 1, output_dtype: "int8" }).data);
    const each = there(x, reals([4, 3], (i) => (i % 3) + 1), null, { axis: 0, block_size: 1, output_dtype: "int8" });
    expect(each.data).toEqual(blocked.data);
  });

  test("refuse scales that do not fit, and two types for one result", () => {
    const x = reals([4, 3], () => 1);
    expect(() => there(x, reals([2], () => 1), null, { axis: 1 })).toThrow(expect.objectContaining({ code: "OP_SHAPE" }));
    expect(() => there(x, reals([3], () => 1), int8s([2], () => 1), { axis: 1 })).toThrow(expect.objectContaining({ code: "OP_SHAPE" }));
    expect(() => there(x, reals([], () => 1), int8s([], () => 1), { output_dtype: "uint8" })).toThrow(expect.objectContaining({ code: "OP_DTYPE" }));
  });
});
