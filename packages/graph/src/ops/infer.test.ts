import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attrs, Dim } from "../graph.ts";
import type { Fact, OpName } from "../op.ts";
import { type Tensor, elementCount } from "../tensor.ts";
import { ops } from "./registry.ts";

function wholes(numbers: readonly number[], shape: readonly number[] = [numbers.length]): Tensor {
  return { dtype: "int64", shape, data: BigInt64Array.from(numbers, BigInt) };
}

function reals(shape: readonly number[]): Tensor {
  return { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, (_, i) => i / 7 - 1) };
}

function factOf(tensor: Tensor): Fact {
  return { dtype: tensor.dtype, shape: tensor.shape, elements: tensor.dtype === "int64" ? Array.from(tensor.data, Number) : null };
}

function named(shape: readonly Dim[] | null): Fact {
  return { dtype: "float32", shape, elements: null };
}

function shapeOf(op: OpName, inputs: readonly (Fact | null)[], attrs: Attrs = {}): readonly Dim[] | null | undefined {
  return ops[op].infer(inputs, attrs, 1)[0]?.shape;
}

const dim = fc.integer({ min: 1, max: 4 });

/** Some node of each family, with inputs that fit it. */
const anyNode: fc.Arbitrary<readonly [OpName, readonly (Tensor | null)[], Attrs]> = fc.tuple(dim, dim, dim, fc.nat(2)).chain(([a, b, c, axis]) => fc.constantFrom<readonly [OpName, readonly (Tensor | null)[], Attrs]>(
  ["Conv", [reals([a, b, c + 4, 7]), reals([c, b, 3, 2]), null], { strides: [axis + 1, 1], pads: [1, 0, 0, 1] }],
  ["MaxPool", [reals([a, b, c + 3, 6])], { kernel_shape: [2, 3], strides: [2, 2], ceil_mode: 1 }],
  ["AveragePool", [reals([a, b, c + 3])], { kernel_shape: [3], auto_pad: "SAME_UPPER", strides: [2] }],
  ["GlobalAveragePool", [reals([a, b, c])], {}],
  ["Gemm", [reals([a, b]), reals([c, b])], { transB: 1 }],
  ["MatMul", [reals([a, 1, b, c]), reals([3, c, a])], {}],
  ["MatMul", [reals([c]), reals([3, c, a])], {}],
  ["Add", [reals([a, 1, c]), reals([b, 1])], {}],
  ["ReduceMean", [reals([a, b, c]), wholes([axis])], { keepdims: axis % 2 }],
  ["Softmax", [reals([a, b])], {}],
  ["Transpose", [wholes([1, 2, 3, 4, 5, 6], [2, 3])], {}],
  ["Reshape", [wholes([1, 2, 3, 4, 5, 6], [2, 3]), wholes([3, -1])], {}],
  ["Concat", [wholes([a, b]), wholes([c])], { axis: 0 }],
  ["Slice", [wholes([a, b, c]), wholes([-1]), wholes([-9]), null, wholes([-1])], {}],
  ["Gather", [wholes([a, b, c]), wholes([axis], [])], {}],
  ["Pad", [reals([a, b]), wholes([axis, 0, 0, 1]), null, null], {}],
  ["Squeeze", [wholes([a], [1, 1]), wholes([-1])], {}],
  ["Unsqueeze", [wholes([a], []), wholes([0])], {}],
  ["Shape", [reals([a, b, c])], { start: axis }],
  ["Cast", [wholes([a, b])], { to: "int32" }],
  ["Mul", [wholes([a, b]), wholes([c])], {}],
  ["Div", [wholes([a * 7, b]), wholes([c])], {}],
));

describe("infer", () => {
  test("says of fixed inputs what evaluate gives: type, shape, and known contents", () => {
    fc.assert(fc.property(anyNode, ([op, inputs, attrs]) => {
      const facts = ops[op].infer(inputs.map((each) => each && factOf(each)), attrs, 1);
      const results = ops[op].evaluate(inputs, attrs, 1);
      expect(facts.map(({ dtype, shape }) => ({ dtype, shape }))).toEqual(results.map(({ dtype, shape }) => ({ dtype, shape })));
      const known = facts[0]?.elements;
      if (known) expect(known).toEqual(Array.from(results[0]!.data, Number));
    }));
  });

  test("knows the contents of integer arithmetic on shapes", () => {
    const integerNodes = anyNode.filter(([op, inputs]) => inputs[0]?.dtype === "int64" && op !== "Pad");
    fc.assert(fc.property(integerNodes, ([op, inputs, attrs]) => {
      expect(ops[op].infer(inputs.map((each) => each && factOf(each)), attrs, 1)[0]?.elements).not.toBeNull();
    }));
  });

  test("of unknown data gives no shape, for every op", () => {
    const attrs: Partial<Record<OpName, Attrs>> = { Concat: { axis: 0 }, Cast: { to: "float32" }, MaxPool: { kernel_shape: [2] }, AveragePool: { kernel_shape: [2] } };
    for (const [name, def] of Object.entries(ops)) {
      const inputs = def.inputs.filter((name) => !name.endsWith("?")).map(() => named(null));
      expect(def.infer(inputs, attrs[name as OpName] ?? {}, 1).map(({ shape, elements }) => ({ shape, elements }))).toEqual([{ shape: null, elements: null }]);
      expect(def.name).toBe(name);
    }
  });

  test("of unknown parameters gives no shape", () => {
    const x = named([2, 3]);
    const unknown: Fact = { dtype: "int64", shape: [2], elements: null };
    for (const op of ["Reshape", "Slice", "Squeeze", "Unsqueeze", "Pad", "ReduceMean", "Split"] as const) {
      expect(shapeOf(op, op === "Slice" ? [x, unknown, unknown] : [x, unknown])).toBeNull();
    }
  });

  test("carries a named batch through a network's ops", () => {
    const image = named(["N", 3, 8, 8]);
    expect(shapeOf("Conv", [image, named([4, 3, 3, 3])], { pads: [1, 1, 1, 1], strides: [2, 2] })).toEqual(["N", 4, 4, 4]);
    expect(shapeOf("MaxPool", [image], { kernel_shape: [2, 2], strides: [2, 2] })).toEqual(["N", 3, 4, 4]);
    expect(shapeOf("GlobalAveragePool", [image])).toEqual(["N", 3, 1, 1]);
    expect(shapeOf("Flatten", [image])).toEqual(["N", 192]);
    expect(shapeOf("Gemm", [named(["N", 192]), named([10, 192])], { transB: 1 })).toEqual(["N", 10]);
    expect(shapeOf("MatMul", [named(["N", 192]), named([192, 10])])).toEqual(["N", 10]);
    expect(shapeOf("Reshape", [image, factOf(wholes([0, -1]))])).toEqual(["N", 192]);
    expect(shapeOf("Reshape", [image, factOf(wholes([-1, 192]))])).toEqual(["N", 192]);
    expect(shapeOf("Transpose", [image], { perm: [0, 2, 3, 1] })).toEqual(["N", 8, 8, 3]);
    expect(shapeOf("Add", [image, named([3, 1, 1])])).toEqual(["N", 3, 8, 8]);
  });

  test("keeps a named size where a window keeps it, and gives none where it would have to compute with a name", () => {
    const image = named([1, 3, "H", "W"]);
    const weights = named([4, 3, 3, 3]);
    expect(shapeOf("Conv", [image, weights], { pads: [1, 1, 1, 1] })).toEqual([1, 4, "H", "W"]);
    expect(shapeOf("Conv", [image, weights], { auto_pad: "SAME_LOWER" })).toEqual([1, 4, "H", "W"]);
    expect(shapeOf("Conv", [image, weights])).toBeNull();
    expect(shapeOf("Conv", [image, weights], { pads: [1, 1, 1, 1], strides: [2, 2] })).toBeNull();
    expect(shapeOf("Flatten", [image])).toBeNull();
    expect(shapeOf("Flatten", [named(["N", 3])], { axis: 0 })).toBeNull();
    expect(shapeOf("Reshape", [named(["N", 6]), factOf(wholes([-1, 3]))])).toBeNull();
    expect(shapeOf("Reshape", [image, factOf(wholes([1, 5, -1]))])).toBeNull();
    expect(shapeOf("Add", [named(["N"]), named(["M"])])).toBeNull();
    expect(shapeOf("Add", [named(["N"]), named([4])])).toEqual([4]);
    expect(shapeOf("Concat", [named(["N", 2]), named(["N", 3])], { axis: 1 })).toEqual(["N", 5]);
    expect(shapeOf("Concat", [named(["N"]), named([1])], { axis: 0 })).toBeNull();
  });

  test("refuses operands that cannot meet, before running", () => {
    const refusals: readonly (readonly [OpName, readonly Fact[], Attrs])[] = [
      ["Add", [named([2]), named([3])], {}],
      ["MatMul", [named([2, 3]), named([2, 3])], {}],
      ["Gemm", [named([2, 3]), named([2, 3])], {}],
      ["Conv", [named([1, 3, 8, 8]), named([4, 2, 3, 3])], {}],
      ["Conv", [named([1, 2, 2, 2]), named([4, 2, 3, 3])], {}],
      ["Concat", [named([2, 3]), named([3, 3])], { axis: 1 }],
      ["Squeeze", [named([2]), factOf(wholes([0]))], {}],
    ];
    for (const [op, inputs, attrs] of refusals) expect(() => shapeOf(op, inputs, attrs)).toThrow(expect.objectContaining({ code: "OP_SHAPE" }));
  });
});
