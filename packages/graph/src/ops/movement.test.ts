import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OpName } from "../op.ts";
import { type Tensor, elementCount } from "../tensor.ts";
import { ops } from "./registry.ts";

type Attrs = Parameters<(typeof ops)["Add"]["evaluate"]>[1];

const anyShape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

/** Every element is its own position, so that two tensors are equal only if nothing moved. */
function counting(shape: readonly number[]): Tensor {
  return { dtype: "int32", shape, data: Int32Array.from({ length: elementCount(shape) }, (_, i) => i) };
}

function wholes(...numbers: readonly number[]): Tensor {
  return { dtype: "int64", shape: [numbers.length], data: BigInt64Array.from(numbers, BigInt) };
}

function one(op: OpName, inputs: readonly (Tensor | null)[], attrs: Attrs = {}): Tensor {
  return ops[op].evaluate(inputs, attrs, 1)[0]!;
}

describe("ops that move elements", () => {
  test("a transposition is undone by the inverse permutation", () => {
    fc.assert(fc.property(anyShape.chain((shape) => fc.tuple(fc.constant(shape), fc.shuffledSubarray(shape.map((_, i) => i), { minLength: shape.length }))), ([shape, perm]) => {
      const inverse = perm.map((_, axis) => perm.indexOf(axis));
      expect(one("Transpose", [one("Transpose", [counting(shape)], { perm })], { perm: inverse })).toEqual(counting(shape));
    }));
  });

  test("an element of the transposed tensor is the one at the permuted position", () => {
    const y = one("Transpose", [counting([2, 3, 4])], { perm: [2, 0, 1] });
    expect(y.shape).toEqual([4, 2, 3]);
    expect(y.data[(3 * 2 + 1) * 3 + 2]).toBe((1 * 3 + 2) * 4 + 3);
  });

  test("what is split and joined again is as before", () => {
    fc.assert(fc.property(anyShape, fc.nat(3), fc.integer({ min: 1, max: 3 }), (shape, at, parts) => {
      const axis = at % shape.length;
      const x = counting(shape.with(axis, shape[axis]! + parts));
      const pieces = ops.Split.evaluate([x, null], { axis, num_outputs: parts }, parts);
      expect(one("Concat", pieces, { axis: axis - shape.length })).toEqual(x);
    }));
  });

  test("a slice with step −1 over everything reverses, and twice restores", () => {
    fc.assert(fc.property(anyShape, fc.nat(3), (shape, at) => {
      const axis = at % shape.length;
      const reversed = (x: Tensor): Tensor => one("Slice", [x, wholes(-1), wholes(-(2 ** 31)), wholes(axis), wholes(-1)]);
      const once = reversed(counting(shape));
      expect(once.data[0]).toBe((shape[axis]! - 1) * elementCount(shape.slice(axis + 1)));
      expect(reversed(once)).toEqual(counting(shape));
    }));
  });

  test("a slice takes the positions that a counting loop takes", () => {
    const position = fc.integer({ min: -9, max: 9 });
    fc.assert(fc.property(fc.integer({ min: 1, max: 7 }), position, position, position.filter((step) => step !== 0), (dim, start, end, step) => {
      const clamp = (at: number, low: number, high: number): number => Math.min(Math.max(at < 0 ? at + dim : at, low), high);
      const expected: number[] = [];
      const last = step > 0 ? clamp(end, 0, dim) : clamp(end, -1, dim - 1);
      for (let i = clamp(start, 0, step > 0 ? dim : dim - 1); step > 0 ? i < last : i > last; i += step) expected.push(i);
      expect(Array.from(one("Slice", [counting([dim]), wholes(start), wholes(end), null, wholes(step)]).data, Number)).toEqual(expected);
    }));
  });

  test("a positive pad is undone by the negative pad, in every mode", () => {
    const modes = fc.constantFrom("constant", "edge", "reflect", "wrap");
    fc.assert(fc.property(anyShape, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), modes, (shape, before, after, mode) => {
      const pads = [...shape.map(() => before), ...shape.map(() => after)];
      const padded = one("Pad", [counting(shape), wholes(...pads), null, null], { mode });
      expect(padded.shape).toEqual(shape.map((dim) => dim + before + after));
      expect(one("Pad", [padded, wholes(...pads.map((each) => -each)), null, null])).toEqual(counting(shape));
    }));
  });

  test("each pad mode shows its own neighbours", () => {
    const shown = (mode: string): readonly number[] => Array.from(one("Pad", [counting([3]), wholes(4, 4), null, null], { mode }).data, Number);
    expect(shown("constant")).toEqual([0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0]);
    expect(shown("edge")).toEqual([0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2]);
    expect(shown("reflect")).toEqual([0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]);
    expect(shown("wrap")).toEqual([2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  test("gathering every position in order changes nothing, and a negative position counts from the back", () => {
    fc.assert(fc.property(anyShape, fc.nat(3), (shape, at) => {
      const axis = at % shape.length;
      const dim = shape[axis]!;
      const order = Array.from({ length: dim }, (_, i) => i);
      expect(one("Gather", [counting(shape), wholes(...order)], { axis })).toEqual(counting(shape));
      expect(one("Gather", [counting(shape), wholes(...order.map((i) => i - dim))], { axis })).toEqual(counting(shape));
    }));
    expect(() => one("Gather", [counting([2]), wholes(2)])).toThrow(expect.objectContaining({ code: "OP_INPUT" }));
  });

  test("what is unsqueezed and squeezed, or flattened and reshaped, is as before", () => {
    fc.assert(fc.property(anyShape, fc.nat(4), fc.nat(4), (shape, first, second) => {
      const axes = wholes(...new Set([first % (shape.length + 2), second % (shape.length + 2)]));
      if (axes.data.length < 2) return;
      expect(one("Squeeze", [one("Unsqueeze", [counting(shape), axes]), axes])).toEqual(counting(shape));
      const matrix = one("Flatten", [counting(shape)], { axis: first % (shape.length + 1) });
      expect(one("Reshape", [matrix, wholes(-1, ...shape.slice(1))])).toEqual(counting(shape));
    }));
  });

  test("a shape with other elements is refused", () => {
    for (const wanted of [[5], [4, -1], [-1, -1], [0, 0, 0]]) {
      expect(() => one("Reshape", [counting([2, 3]), wholes(...wanted)])).toThrow(expect.objectContaining({ code: expect.stringMatching(/^OP_(SHAPE|INPUT)$/) }));
    }
  });
});
