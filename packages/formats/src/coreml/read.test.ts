import { type Graph, interpret } from "@edgewise/graph";
import { describe, expect, it } from "vitest";
import { bool, bools, int, ints, numbers } from "./literal.ts";
import { type MilOperation, type MilPort, type MilTensorType, type MilValue, stringValue, tensorType } from "./mil.ts";
import type { CoremlModel } from "./model.ts";
import { decodeCoreml, readCoreml } from "./read.ts";
import { classifier, codes, feedsOf, largestDifference, value } from "./testing/sample.ts";
import { fileModel, writeCoreml } from "./write.ts";

interface Program {
  readonly input: readonly number[];
  readonly operations: readonly Omit<MilOperation, "name">[];
  readonly opset?: "CoreML5" | "CoreML8";
}

/** A model of one input x and one output y; inputs that are values become arguments of their own. */
function modelOf({ input, operations, opset = "CoreML5" }: Program): CoremlModel {
  const y = operations.flatMap(({ outputs }) => outputs).find(({ name }) => name === "y");
  const port: MilPort<MilTensorType> = { name: "x", type: tensorType("fp32", input) };
  const shape = y?.type.kind === "tensor" ? y.type.shape.map((dim) => dim ?? 0) : [];
  const array = (name: string, dims: readonly number[]): CoremlModel["inputs"][number] => ({ name, description: "", type: { kind: "array", dtype: "float32", shape: dims, flexibility: null } });
  return {
    specificationVersion: 9, inputs: [array("x", input)], outputs: [array("y", shape)], classifier: null,
    metadata: { description: "", version: "", author: "", license: "", userDefined: {} },
    program: { opset, inputs: [port], outputs: ["y"], operations: operations.map((operation) => ({ name: operation.outputs[0]?.name ?? "", ...operation })) },
  };
}

function op(type: string, inputs: Readonly<Record<string, string | MilValue | readonly string[]>>, outputs: Readonly<Record<string, readonly number[]>>): Omit<MilOperation, "name"> {
  return {
    type, attributes: {}, outputs: Object.entries(outputs).map(([name, shape]) => ({ name, type: tensorType("fp32", shape) })),
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, bound]) => [key, Array.isArray(bound) ? bound : [bound as string | MilValue]])),
  };
}

function read(program: Program): Graph {
  return value(readCoreml(fileModel(modelOf(program)), { file: "hand.mlpackage" })).graph;
}

/** What the program makes of x = −4, −3, … or of `x`. */
function run(program: Program, x?: readonly number[]): readonly number[] {
  const count = program.input.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from(x ?? Array.from({ length: count }, (_, index) => index - 4));
  const [y] = interpret(read(program), new Map([["x", { dtype: "float32", shape: program.input, data }]])).values();
  return Array.from(y?.data ?? [], Number);
}

describe("a program", () => {
  it("that was written is the same data when it is decoded", () => {
    const { files, model } = value(writeCoreml(classifier, { target: "iOS16", images: { image: { color: "RGB", scale: 1, bias: 0 } }, classifier: { output: "scores", labels: ["a", "b", "c", "d", "é"] }, metadata: { author: "A", license: "L", version: "1", description: "D", userDefined: { key: "value" } } }));
    expect(value(decodeCoreml(files))).toEqual(model);
  });

  it("keeps the model's own metadata on the graph", () => {
    const { files } = value(writeCoreml(classifier, { metadata: { userDefined: { family: "trees" } } }));
    expect(value(readCoreml(files, { file: "m" })).graph.metadata).toEqual({ family: "trees" });
  });
});

describe("a form that we do not write", () => {
  it("slice_by_index with negative steps, masks and single elements", () => {
    const operation = op("slice_by_index", { x: "x", begin: ints([0, -1, 0]), end: ints([0, 0, 2]), stride: ints([1, -1, 1]), begin_mask: bools([true, false, false]), end_mask: bools([true, true, false]), squeeze_mask: bools([false, false, true]) }, { y: [2, 3] });
    expect(run({ input: [2, 3, 2], operations: [operation] })).toEqual([0, -2, -4, 6, 4, 2]);
  });

  it("slice_by_size", () => {
    expect(run({ input: [3, 3], operations: [op("slice_by_size", { x: "x", begin: ints([1, 0]), size: ints([-1, 2]) }, { y: [2, 2] })] })).toEqual([-1, 0, 2, 3]);
  });

  it("split into equal parts", () => {
    expect(run({ input: [1, 4], operations: [op("split", { x: "x", num_splits: int(2), axis: int(1) }, { a: [1, 2], y: [1, 2] })] })).toEqual([-2, -1]);
  });

  it("pad of the last axes alone", () => {
    expect(run({ input: [1, 2], operations: [op("pad", { x: "x", pad: ints([1, 2]), mode: stringValue("constant"), constant_val: numbers("fp32", [], [7]) }, { y: [1, 5] })] })).toEqual([7, -4, -3, 7, 7]);
  });

  it("linear of more than a matrix, with its bias", () => {
    const operation = op("linear", { x: "x", weight: numbers("fp32", [1, 2], [1, 10]), bias: numbers("fp32", [1], [100]) }, { y: [1, 2, 1] });
    expect(run({ input: [1, 2, 2], operations: [operation] })).toEqual([66, 88]);
  });

  it("matmul of transposed stacks", () => {
    const operation = op("matmul", { x: "x", y: numbers("fp32", [1, 1, 2], [1, 10]), transpose_x: bool(true), transpose_y: bool(true) }, { y: [1, 2, 1] });
    expect(run({ input: [1, 2, 2], operations: [operation] })).toEqual([-24, -13]);
  });

  it("reduce_log_sum_exp on its own", () => {
    const [sum] = run({ input: [1, 3], operations: [op("reduce_log_sum_exp", { x: "x", axes: ints([-1]), keep_dims: bool(true) }, { y: [1, 1] })] }, [1, 2, 3]);
    expect(sum).toBeCloseTo(Math.log(Math.E + Math.E ** 2 + Math.E ** 3), 6);
  });

  it("upsample_bilinear by corners and by centers", () => {
    const scaled = (align: boolean): readonly number[] => run({ input: [1, 1, 2], operations: [op("upsample_bilinear", { x: "x", scale_factor_width: int(2), align_corners: bool(align) }, { y: [1, 1, 4] })] }, [0, 3]);
    expect(scaled(true)).toEqual([0, 1, 2, 3]);
    expect(scaled(false)).toEqual([0, 0.75, 2.25, 3]);
  });

  it("batch_norm without gamma and beta", () => {
    const operation = op("batch_norm", { x: "x", mean: numbers("fp32", [2], [1, 2]), variance: numbers("fp32", [2], [4, 16]), epsilon: numbers("fp32", [], [0]) }, { y: [1, 2, 1] });
    expect(run({ input: [1, 2, 1], operations: [operation] }, [5, 10])).toEqual([2, 2]);
  });

  it("constexpr_blockwise_shift_scale with blocks in two axes", () => {
    const weight = op("constexpr_blockwise_shift_scale", { data: numbers("int8", [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]), scale: numbers("fp32", [2, 2], [1, 10, 100, 1000]), offset: numbers("int8", [2, 2], [0, 1, 0, 0]) }, { w: [2, 4] });
    expect(run({ input: [1, 2, 4], operations: [weight, op("add", { x: "x", y: "w" }, { y: [1, 2, 4] })], opset: "CoreML8" }, [0, 0, 0, 0, 0, 0, 0, 0])).toEqual([1, 2, 20, 30, 500, 600, 7000, 8000]);
  });

  it("concat, expand_dims and squeeze by counting from the back", () => {
    const operations = [op("expand_dims", { x: "x", axes: ints([-1]) }, { a: [2, 1] }), op("concat", { values: ["a", "a"], axis: int(-1), interleave: bool(false) }, { b: [2, 2] }), op("slice_by_size", { x: "b", begin: ints([0, 0]), size: ints([1, 2]) }, { c: [1, 2] }), op("squeeze", { x: "c", axes: ints([-2]) }, { y: [2] })];
    expect(run({ input: [2], operations })).toEqual([-4, -4]);
  });

  it.each([
    ["a concat that interleaves", op("concat", { values: ["x", "x"], axis: int(1), interleave: bool(true) }, { y: [1, 4] })],
    ["a reshape with a 0", op("reshape", { x: "x", shape: ints([0, 2]) }, { y: [1, 2] })],
    ["a pool in ceil mode", op("max_pool", { x: "x", kernel_sizes: ints([1]), pad_type: stringValue("valid"), ceil_mode: bool(true) }, { y: [1, 2] })],
    ["a padding by another rule", op("conv", { x: "x", weight: numbers("fp32", [1, 1], [1]), pad_type: stringValue("wide") }, { y: [1, 2] })],
  ])("%s is refused by name", (_, operation) => {
    expect(codes(readCoreml(fileModel(modelOf({ input: [1, 2], operations: [operation] })), { file: "f" }))).toEqual(["OP_FORM_UNSUPPORTED"]);
  });
});

describe("what a program computes with", () => {
  it("is what was written, with literals in place of consts", () => {
    const { model } = value(writeCoreml(classifier));
    const consts = new Map(model.program.operations.flatMap(({ type, outputs, attributes }) => type === "const" && attributes["val"] !== undefined ? [[outputs[0]?.name ?? "", attributes["val"]] as const] : []));
    const operations = model.program.operations.filter(({ type }) => type !== "const").map((operation) => ({ ...operation, inputs: Object.fromEntries(Object.entries(operation.inputs).map(([key, list]) => [key, list.map((one) => typeof one === "string" ? consts.get(one) ?? one : one)])) }));
    const { graph } = value(readCoreml(fileModel({ ...model, program: { ...model.program, operations } }), { file: "l" }));
    expect(largestDifference(interpret(classifier, feedsOf(classifier)).values(), interpret(graph, feedsOf(classifier)).values())).toBe(0);
  });
});
