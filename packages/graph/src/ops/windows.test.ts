import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attrs } from "../graph.ts";
import type { OpName } from "../op.ts";
import { type Tensor, elementCount } from "../tensor.ts";
import { ops } from "./registry.ts";

/** Sums of at most 100 float32 products of numbers up to 1, stored once. */
const TOLERANCE = 1e-5;

function noise(shape: readonly number[], seed: number): Tensor {
  return { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(i * 2.3 + seed)) };
}

function one(op: OpName, inputs: readonly (Tensor | null)[], attrs: Attrs = {}): Tensor {
  return ops[op].evaluate(inputs, attrs, 1)[0]!;
}

function expectClose(found: Tensor, wanted: readonly number[]): void {
  expect(found.data).toHaveLength(wanted.length);
  wanted.forEach((x, i) => expect(Math.abs(Number(found.data[i]) - x)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(x))));
}

interface Windows {
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

const pair = (min: number, max: number): fc.Arbitrary<[number, number]> => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const anyWindows: fc.Arbitrary<Windows> = fc.record({
  size: pair(5, 8), kernel: pair(1, 3), strides: pair(1, 3), dilations: pair(1, 2), pads: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 1 }))) as fc.Arbitrary<[number, number, number, number]>,
});

/** Input positions under one window, null where it lies in padding: the definition, written down. */
function under({ size, kernel, strides, dilations, pads }: Windows, o: readonly [number, number]): (number | null)[] {
  const found: (number | null)[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const y = o[0] * strides[0] - pads[0] + i * dilations[0];
      const x = o[1] * strides[1] - pads[1] + j * dilations[1];
      found.push(y >= 0 && y < size[0] && x >= 0 && x < size[1] ? y * size[1] + x : null);
    }
  }
  return found;
}

function outputPositions(shape: readonly number[]): [number, number][] {
  const [, , height = 0, width = 0] = shape;
  return Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);
}

describe("Conv", () => {
  test("is the sum over the window that its definition says, for any window and group, and its work counts each product", () => {
    fc.assert(fc.property(anyWindows, fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 }), (windows, group, depth, perGroup) => {
      const x = noise([2, group * depth, ...windows.size], 1);
      const w = noise([group * perGroup, depth, ...windows.kernel], 2);
      const bias = noise([group * perGroup], 3);
      const attrs = { strides: windows.strides, dilations: windows.dilations, pads: windows.pads, group };
      const y = one("Conv", [x, w, bias], attrs);
      const area = windows.size[0] * windows.size[1];
      const taps = windows.kernel[0] * windows.kernel[1];
      let products = 0;
      const wanted: number[] = [];
      for (let n = 0; n < 2; n++) {
        for (let m = 0; m < group * perGroup; m++) {
          for (const o of outputPositions(y.shape)) {
            let sum = Number(bias.data[m]);
            for (let c = 0; c < depth; c++) {
              const plane = (n * group * depth + Math.floor(m / perGroup) * depth + c) * area;
              under(windows, o).forEach((at, tap) => {
                products++;
                if (at !== null) sum += Number(x.data[plane + at]) * Number(w.data[(m * depth + c) * taps + tap]);
              });
            }
            wanted.push(sum);
          }
        }
      }
      expectClose(y, wanted);
      const facts = [x, w, bias].map(({ dtype, shape }) => ({ dtype, shape, elements: null }));
      expect(ops.Conv.work(facts, ops.Conv.infer(facts, attrs, 1), attrs)).toEqual({ macs: products, elementOps: 0 });
    }), { numRuns: 40 });
  });

  test("over one axis, or three, is the convolution over two with axes of 1", () => {
    const flat = one("Conv", [noise([1, 2, 9], 1), noise([3, 2, 3], 2)], { strides: [2], pads: [1, 0] });
    const rows = one("Conv", [noise([1, 2, 1, 9], 1), noise([3, 2, 1, 3], 2)], { strides: [1, 2], pads: [0, 1, 0, 0] });
    const deep = one("Conv", [noise([1, 2, 1, 9, 1], 1), noise([3, 2, 1, 3, 1], 2)], { strides: [1, 2, 1], pads: [0, 1, 0, 0, 0, 0] });
    expect(flat.shape).toEqual([1, 3, 4]);
    expect(rows.data).toEqual(flat.data);
    expect(deep.data).toEqual(flat.data);
  });
});

describe("pools", () => {
  const attrsOf = ({ kernel, strides, dilations, pads }: Windows): Attrs => ({ kernel_shape: kernel, strides, dilations, pads });
  // A window in padding only has no mean and no largest number.
  const usable = anyWindows.filter((windows) => windows.kernel.every((each, axis) => each > windows.pads[axis]! && each > windows.pads[axis + 2]!));

  test("AveragePool is the mean of the window, padding counted or not", () => {
    fc.assert(fc.property(usable, fc.nat(1), (windows, counted) => {
      const x = noise([1, 1, ...windows.size], 4);
      const y = one("AveragePool", [x], { ...attrsOf(windows), count_include_pad: counted });
      expectClose(y, outputPositions(y.shape).map((o) => {
        const inside = under(windows, o).filter((at) => at !== null);
        const count = counted === 1 ? windows.kernel[0] * windows.kernel[1] : inside.length;
        return inside.reduce((sum, at) => sum + Number(x.data[at]), 0) / count;
      }));
    }), { numRuns: 60 });
  });

  test("MaxPool is the largest number of the window, and Indices say where it stands", () => {
    fc.assert(fc.property(usable, fc.nat(1), (windows, order) => {
      const x = noise([2, 2, ...windows.size], 5);
      const [y, indices] = ops.MaxPool.evaluate([x], { ...attrsOf(windows), storage_order: order }, 2) as [Tensor, Tensor];
      const [height, width] = windows.size;
      outputPositions(y.shape).forEach((o, i) => {
        const largest = Math.max(...under(windows, o).filter((at) => at !== null).map((at) => Number(x.data[at])));
        expect(y.data[i]).toBe(largest);
        const at = Number(indices.data[i]);
        expect(x.data[order === 0 ? at : (at % height) * width + Math.floor(at / height)]).toBe(largest);
      });
    }), { numRuns: 60 });
  });

  test("ceil_mode adds a last window only where it starts before the padding at the end", () => {
    const length = (pads: readonly number[]): number | undefined => one("AveragePool", [noise([1, 1, 6], 6)], { kernel_shape: [2], strides: [3], ceil_mode: 1, pads }).shape[2];
    expect(length([0, 0])).toBe(2);
    expect(length([0, 1])).toBe(2);
    expect(one("MaxPool", [noise([1, 1, 7], 6)], { kernel_shape: [2], strides: [3], ceil_mode: 1 }).shape[2]).toBe(3);
  });

  test("a global pool is the pool whose window is the plane", () => {
    const x = noise([2, 3, 4, 5], 7);
    for (const [global, pool] of [["GlobalAveragePool", "AveragePool"], ["GlobalMaxPool", "MaxPool"]] as const) {
      expectClose(one(global, [x]), Array.from(one(pool, [x], { kernel_shape: [4, 5] }).data, Number));
    }
    expectClose(one("ReduceMean", [x, { dtype: "int64", shape: [2], data: BigInt64Array.of(-2n, 3n) }]), Array.from(one("GlobalAveragePool", [x]).data, Number));
  });

  test("a window that does not fit is refused", () => {
    expect(() => one("MaxPool", [noise([1, 1, 2, 2], 8)], { kernel_shape: [3, 3] })).toThrow(expect.objectContaining({ code: "OP_SHAPE" }));
    expect(() => one("MaxPool", [noise([1, 1, 2, 2], 8)], { kernel_shape: [3] })).toThrow(expect.objectContaining({ code: "OP_ATTRIBUTE" }));
    expect(() => one("MaxPool", [noise([1, 1, 4, 4], 8)], {})).toThrow(expect.objectContaining({ code: "OP_ATTRIBUTE" }));
  });
});
