import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attrs } from "../graph.ts";
import type { Quant } from "../quant.ts";
import { type Tensor, elementCount } from "../tensor.ts";
import { quantizeTensor } from "../int8/affine.ts";
import { ops } from "./registry.ts";

/** Sums of at most 100 float32 products of numbers up to 1, stored once. */
const TOLERANCE = 1e-5;

function noise(shape: readonly number[], seed: number): Tensor {
  return { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(i * 2.3 + seed)) };
}

const pair = (min: number, max: number): fc.Arbitrary<[number, number]> => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const windows = fc.record({ size: pair(1, 4), kernel: pair(1, 3), strides: pair(1, 3), dilations: pair(1, 2), output_padding: pair(0, 1), pads: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 1 }))) as fc.Arbitrary<[number, number, number, number]> });

function outputOf(x: Tensor, w: Tensor, attrs: Attrs): readonly (number | string)[] | null {
  const [fact] = ops.ConvTranspose.infer([{ ...x, elements: null }, { ...w, elements: null }], attrs, 1);
  return fact!.shape;
}

function sumOfProducts(a: Tensor, b: Tensor): number {
  return Array.from(a.data, Number).reduce((sum, x, i) => sum + x * Number(b.data[i]), 0);
}

describe("ConvTranspose", () => {
  test("is the adjoint of Conv: the sum of y · ConvTranspose(x) is the sum of Conv(y) · x, for any window and group", () => {
    fc.assert(fc.property(windows, fc.constantFrom(1, 2), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), ({ size, output_padding: _longer, ...attrs }, group, depth, perGroup) => {
      const x = noise([2, group * depth, ...size], 1);
      const w = noise([group * depth, perGroup, ...attrs.kernel], 2);
      const whole = { strides: attrs.strides, dilations: attrs.dilations, pads: attrs.pads, group };
      const shape = size.map((input, i) => attrs.strides[i]! * (input - 1) + attrs.dilations[i]! * (attrs.kernel[i]! - 1) + 1 - attrs.pads[i]! - attrs.pads[i + 2]!);
      fc.pre(shape.every((dim) => dim >= 1));
      const up = ops.ConvTranspose.evaluate([x, w, null], whole, 1)[0]!;
      expect(up.shape).toEqual([2, group * perGroup, ...shape]);
      expect(outputOf(x, w, whole)).toEqual(up.shape);
      const y = noise(up.shape, 3);
      const down = ops.Conv.evaluate([y, w, null], whole, 1)[0]!;
      expect(down.shape).toEqual(x.shape);
      expect(Math.abs(sumOfProducts(up, y) - sumOfProducts(down, x))).toBeLessThanOrEqual(TOLERANCE * up.data.length);
    }), { numRuns: 200 });
  });

  test("output_padding lengthens the end, where nothing but further taps and the bias land", () => {
    const bias: Tensor = { dtype: "float32", shape: [1], data: Float32Array.of(7) };
    const x: Tensor = { dtype: "float32", shape: [1, 1, 2], data: Float32Array.of(1, 2) };
    const w: Tensor = { dtype: "float32", shape: [1, 1, 2], data: Float32Array.of(3, 5) };
    const [y] = ops.ConvTranspose.evaluate([x, w, bias], { strides: [3], output_padding: [2] }, 1);
    expect(Array.from(y!.data, Number)).toEqual([10, 12, 7, 13, 17, 7, 7]);
  });

  test.each([
    [{ output_shape: [4] }, [4]],
    [{ output_shape: [1, 1, 10] }, [10]],
    [{ auto_pad: "SAME_UPPER" }, [6]],
    [{ auto_pad: "SAME_LOWER" }, [6]],
    [{ auto_pad: "VALID", pads: [1, 1] }, [8]],
  ] as const)("%j decides the size", (attrs, size) => {
    expect(outputOf(noise([1, 1, 3], 1), noise([1, 1, 4], 2), { strides: [2], ...attrs } as Attrs)!.slice(2)).toEqual(size);
  });

  test.each(["SAME_UPPER", "SAME_LOWER"] as const)("%s cuts the odd element at its own side", (auto_pad) => {
    const x: Tensor = { dtype: "float32", shape: [1, 1, 2], data: Float32Array.of(1, 2) };
    const w: Tensor = { dtype: "float32", shape: [1, 1, 3], data: Float32Array.of(1, 2, 1) };
    // Without padding: 1 2 (1 + 2) 4 2; one element too many.
    const whole = [1, 2, 3, 4, 2];
    const [y] = ops.ConvTranspose.evaluate([x, w, null], { strides: [2], auto_pad }, 1);
    expect(Array.from(y!.data, Number)).toEqual(auto_pad === "SAME_UPPER" ? whole.slice(0, 4) : whole.slice(1));
  });

  test("pads that leave nothing, channels that do not fit and a kernel_shape that disagrees are refused", () => {
    const x = noise([1, 2, 1], 1);
    expect(() => outputOf(x, noise([2, 1, 2], 1), { pads: [1, 1] })).toThrow(/leave nothing/);
    expect(() => outputOf(x, noise([3, 1, 2], 1), {})).toThrow(/do not fit/);
    expect(() => outputOf(x, noise([2, 1, 2], 1), { kernel_shape: [3] })).toThrow(/does not agree/);
  });
});

describe("int8 ConvTranspose", () => {
  const fact = (scale: number, zero: number): Quant => ({ kind: "affine", scale: [Math.fround(scale)], zeroPoint: [zero], axis: null });

  test("is within a step of the real result, whatever the zero points", () => {
    fc.assert(fc.property(windows, fc.integer({ min: -100, max: 100 }), fc.integer({ min: -20, max: 20 }), ({ size, ...attrs }, inputZero, outputZero) => {
      const [input, output] = [fact(0.02, inputZero), fact(0.1, outputZero)];
      const weight: Quant = { kind: "affine", scale: [Math.fround(0.01), Math.fround(0.02)], zeroPoint: [0, 0], axis: 1 };
      const stored = { x: quantizeTensor(noise([1, 3, ...size], 1), input), w: quantizeTensor(noise([3, 2, ...attrs.kernel], 2), weight) };
      const real = (q: Quant, t: Tensor): Tensor => ({ ...t, dtype: "float32", data: Float32Array.from(t.data as Int8Array, (s, i) => {
        const c = q.axis === null ? 0 : Math.floor(i / elementCount(attrs.kernel)) % 2;
        return q.scale[c]! * (s - q.zeroPoint[c]!);
      }) });
      const spread = { strides: attrs.strides, dilations: attrs.dilations, output_padding: attrs.output_padding };
      const [wanted] = ops.ConvTranspose.evaluate([real(input, stored.x), real(weight, stored.w), null], spread, 1);
      const [found] = ops.ConvTranspose.evaluateInt8!([{ tensor: stored.x, quant: input }, { tensor: stored.w, quant: weight }, null], [output], spread);
      expect(found!.shape).toEqual(wanted!.shape);
      const best = quantizeTensor(wanted!, output).data as Int8Array;
      (found!.data as Int8Array).forEach((y, i) => expect(Math.abs(y - best[i]!)).toBeLessThanOrEqual(1));
    }), { numRuns: 100 });
  });

  test("groups and scales along input channels are refused", () => {
    const x = { tensor: quantizeTensor(noise([1, 2, 3], 1), fact(0.01, 0)), quant: fact(0.01, 0) };
    const weight: Quant = { kind: "affine", scale: [1, 1], zeroPoint: [0, 0], axis: 0 };
    const w = { tensor: quantizeTensor(noise([2, 1, 2], 1), weight), quant: weight };
    expect(() => ops.ConvTranspose.evaluateInt8!([x, w, null], [fact(1, 0)], {})).toThrow(/not along output channels/);
    expect(() => ops.ConvTranspose.evaluateInt8!([x, { ...w, quant: fact(1, 0) }, null], [fact(1, 0)], { group: 2 })).toThrow(/one group/);
  });
});
