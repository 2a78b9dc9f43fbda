import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attrs } from "../graph.ts";
import type { Quant } from "../quant.ts";
import { type Tensor, elementCount } from "../tensor.ts";
import { ops } from "./registry.ts";

const quant: Quant = { kind: "affine", scale: [0.5], zeroPoint: [-7], axis: null };
const sizes = (...values: number[]): Tensor => ({ dtype: "int64", shape: [values.length], data: BigInt64Array.from(values, BigInt) });
const scales = (...values: number[]): Tensor => ({ dtype: "float32", shape: [values.length], data: Float32Array.from(values) });
const picture = (shape: readonly number[], data: readonly number[]): Tensor => ({ dtype: "float32", shape, data: Float32Array.from(data) });
const noise = (shape: readonly number[]): Tensor => ({ dtype: "int8", shape, data: Int8Array.from({ length: elementCount(shape) }, (_, i) => Math.round(127 * Math.sin(i * 2.3))) });

function resized(x: Tensor, asked: { readonly sizes?: Tensor; readonly scales?: Tensor }, attrs: Attrs = {}): Tensor {
  return ops.Resize.evaluate([x, null, asked.scales ?? null, asked.sizes ?? null], attrs, 1)[0]!;
}

function resizedInt8(x: Tensor, asked: { readonly sizes?: Tensor; readonly scales?: Tensor }, attrs: Attrs = {}): Tensor {
  const parameter = (tensor: Tensor | undefined) => (tensor ? { tensor, quant } : null);
  return ops.Resize.evaluateInt8!([{ tensor: x, quant }, null, parameter(asked.scales), parameter(asked.sizes)], [quant], attrs)[0]!;
}

const linear = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"] as const;

describe("Resize", () => {
  test("to the same size changes nothing, in every mode", () => {
    const x = noise([1, 2, 3, 5]);
    for (const coordinates of [...linear, "half_pixel_symmetric"]) {
      for (const nearest_mode of ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]) {
        const attrs = { coordinate_transformation_mode: coordinates, nearest_mode };
        expect(resized(x, { sizes: sizes(1, 2, 3, 5) }, attrs).data).toEqual(x.data);
        expect(resizedInt8(x, { sizes: sizes(1, 2, 3, 5) }, attrs).data).toEqual(x.data);
      }
      expect(resizedInt8(x, { sizes: sizes(1, 2, 3, 5) }, { mode: "linear", coordinate_transformation_mode: coordinates }).data).toEqual(x.data);
    }
  });

  test("linear keeps a constant picture constant and a straight ramp straight between corners", () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 20 }), (input, output) => {
      const ramp = picture([1, 1, input], Array.from({ length: input }, (_, i) => i));
      const { data } = resized(ramp, { sizes: sizes(1, 1, output) }, { mode: "linear", coordinate_transformation_mode: "align_corners" });
      Array.from(data, Number).forEach((y, x) => expect(Math.abs(y - (x * (input - 1)) / (output - 1))).toBeLessThan(1e-5));
      const flat = resized(picture([1, 1, input], Array<number>(input).fill(7)), { sizes: sizes(1, 1, output) }, { mode: "linear" });
      expect(Array.from(flat.data, Number)).toEqual(Array<number>(output).fill(7));
    }));
  });

  test("int8 linear lies within the 10-bit positions' error of the real interpolation", () => {
    const shapes = fc.record({ height: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }), tall: fc.integer({ min: 1, max: 20 }), wide: fc.integer({ min: 1, max: 20 }), mode: fc.constantFrom(...linear) });
    fc.assert(fc.property(shapes, ({ height, width, tall, wide, mode }) => {
      const x = noise([1, 1, height, width]);
      const attrs = { mode: "linear", coordinate_transformation_mode: mode };
      const asked = { sizes: sizes(1, 1, tall, wide) };
      const wanted = resized({ ...x, dtype: "float32", data: Float32Array.from(x.data as Int8Array) }, asked, attrs);
      const found = resizedInt8(x, asked, attrs);
      // A position is off by half a 1024th a step and half a one at the start; neighbours differ by at most 255.
      const slack = (255 * (tall + wide)) / 1024 + 0.5;
      (found.data as Int8Array).forEach((y, i) => expect(Math.abs(y - Number(wanted.data[i]))).toBeLessThanOrEqual(slack));
    }), { numRuns: 300 });
  });

  test("scales floor the size, sizes decide the scale, and a policy keeps the aspect", () => {
    const shape = (inputs: readonly unknown[], attrs: Attrs = {}) => ops.Resize.infer(inputs as never, attrs, 1)[0]!.shape;
    const fact = (dims: readonly (number | string)[]) => ({ dtype: "float32", shape: dims, elements: null });
    const reals = (...values: number[]) => ({ dtype: "float32", shape: [values.length], elements: null, reals: values });
    const wholes = (...values: number[]) => ({ dtype: "int64", shape: [values.length], elements: values });
    expect(shape([fact([1, 3, 5, 5]), null, reals(1, 1, 1.5, 0.5)])).toEqual([1, 3, 7, 2]);
    expect(shape([fact(["N", 3, 5, 5]), null, reals(1, 1, 2, 2)])).toEqual(["N", 3, 10, 10]);
    expect(shape([fact(["N", 3, "H", 5]), null, reals(1, 1, 2, 2)])).toBeNull();
    expect(shape([fact(["N", 3, 2, 4]), null, null, wholes(7, 8)], { axes: [2, 3] })).toEqual(["N", 3, 7, 8]);
    expect(shape([fact([1, 3, 2, 4]), null, null, wholes(7, 8)], { axes: [2, 3], keep_aspect_ratio_policy: "not_larger" })).toEqual([1, 3, 4, 8]);
    expect(shape([fact([1, 3, 2, 4]), null, null, wholes(7, 8)], { axes: [-1, -2], keep_aspect_ratio_policy: "not_smaller" })).toEqual([1, 3, 8, 16]);
  });

  test.each([
    ["both lists", { scales: scales(1, 1, 2), sizes: sizes(1, 1, 6) }, {}, "OP_INPUT"],
    ["no list", {}, {}, "OP_INPUT"],
    ["a list of another length", { sizes: sizes(1, 6) }, {}, "OP_INPUT"],
    ["nothing left", { scales: scales(1, 1, 0.1) }, {}, "OP_SHAPE"],
    ["mode cubic", { sizes: sizes(1, 1, 6) }, { mode: "cubic" }, "OP_ATTRIBUTE"],
    ["antialias", { sizes: sizes(1, 1, 6) }, { antialias: 1 }, "OP_ATTRIBUTE"],
  ] as const)("%s is refused", (_why, asked, attrs, code) => {
    expect(() => resized(picture([1, 1, 3], [1, 2, 3]), asked, attrs)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ["a scale that is not size / size", [1, 1, 5], { scales: scales(1, 1, 1.5) }, "OP_ATTRIBUTE"],
    ["resized channels", [1, 2, 3], { sizes: sizes(1, 4, 3) }, "OP_SHAPE"],
    ["steps that run past the end", [1, 1, 3], { sizes: sizes(1, 1, 2000) }, "OP_SHAPE"],
  ] as const)("int8: %s is refused", (_why, shape, asked, code) => {
    expect(() => resizedInt8(noise(shape), asked, { mode: "linear", coordinate_transformation_mode: "asymmetric" })).toThrow(expect.objectContaining({ code }));
  });
});
