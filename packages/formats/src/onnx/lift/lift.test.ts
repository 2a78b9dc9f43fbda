import { type Attrs, type Tensor, elementCount, interpret, verifyGraph } from "@edgewise/graph";
import { describe, expect, it } from "vitest";
import { runModel } from "../../../../measure/src/ort/session.ts";
import { readOnnx } from "../read.ts";
import { type FileParts, indices, modelFile, numbersOf, tensor } from "../testing/model-file.ts";

/** float32 exponentials and sums in another order. */
const TOLERANCE = 1e-5;

const shape = [2, 3, 4, 5];
const feeds: ReadonlyMap<string, Tensor> = new Map([["x", { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(index)) }]]);

function file(opset: number, nodes: FileParts["nodes"], tensors: FileParts["tensors"] = []): Uint8Array {
  return modelFile({ opset, nodes, tensors, inputs: { x: ["float32", shape] }, outputs: { y: ["float32", null] } });
}

function one(op: string, attrs: Attrs, more: readonly string[] = []): FileParts["nodes"] {
  return [{ op, inputs: ["x", ...more], outputs: ["y"], attrs }];
}

function run(bytes: Uint8Array): Tensor {
  const read = readOnnx(bytes, { file: "old.onnx" });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  expect(verifyGraph(read.value)).toEqual([]);
  const y = interpret(read.value, feeds).get("y");
  if (y === undefined) throw new Error("no y");
  return y;
}

interface Case {
  readonly title: string;
  readonly opset: number;
  readonly nodes: FileParts["nodes"];
  readonly tensors?: FileParts["tensors"];
}

const cases: readonly Case[] = [
  { title: "Clip with attributes", opset: 10, nodes: one("Clip", { min: -0.5, max: 0.25 }) },
  { title: "Squeeze and Unsqueeze with attributes", opset: 12, nodes: [
    { op: "Unsqueeze", inputs: ["x"], outputs: ["u"], attrs: { axes: [0, 3] } }, { op: "Squeeze", inputs: ["u"], outputs: ["y"], attrs: { axes: [0] } }] },
  { title: "ReduceMean with attributes", opset: 17, nodes: one("ReduceMean", { axes: [1, -1], keepdims: 0 }) },
  { title: "Pad with attributes", opset: 10, nodes: one("Pad", { pads: [0, 0, 1, 2, 0, 0, 0, 1], value: 1.5 }) },
  { title: "reflecting Pad with attributes", opset: 10, nodes: one("Pad", { mode: "reflect", pads: [0, 0, 1, 2, 0, 0, 0, 1] }) },
  { title: "Slice with attributes", opset: 9, nodes: one("Slice", { starts: [1, -3], ends: [3, 99], axes: [1, 3] }) },
  { title: "Slice with attributes and no axes", opset: 9, nodes: one("Slice", { starts: [0, 1], ends: [1, 2] }) },
  { title: "Split with sizes as an attribute", opset: 12, nodes: [{ op: "Split", inputs: ["x"], outputs: ["y", "z"], attrs: { axis: 3, split: [2, 3] } }] },
  { title: "Split in equal parts", opset: 12, nodes: [{ op: "Split", inputs: ["x"], outputs: ["y", "z"], attrs: { axis: 2 } }] },
  { title: "Softmax over flattened dims", opset: 12, nodes: one("Softmax", { axis: 2 }) },
  { title: "Softmax with its old default axis", opset: 11, nodes: one("Softmax", {}) },
  { title: "Softmax of a value whose rank is inferred, not stated", opset: 11, nodes: [{ op: "Flatten", inputs: ["x"], outputs: ["f"] }, { op: "Softmax", inputs: ["f"], outputs: ["y"] }] },
  { title: "LogSoftmax over the last axis", opset: 12, nodes: one("LogSoftmax", { axis: 3 }) },
  { title: "Dropout", opset: 10, nodes: one("Dropout", { ratio: 0.3 }) },
  { title: "Sum of three", opset: 8, nodes: one("Sum", {}, ["x", "x"]) },
  { title: "Sum of one", opset: 8, nodes: one("Sum", {}) },
  { title: "Max of three", opset: 11, nodes: one("Max", {}, ["c", "d"]), tensors: [tensor("c", [5], [0.1, -0.2, 0.3, 0, 0.5]), tensor("d", [4, 1], [0.1, -0.2, 0.3, 0])] },
  { title: "Min of one", opset: 13, nodes: one("Min", {}) },
  { title: "Upsample with scales as an attribute", opset: 7, nodes: one("Upsample", { scales: [1, 1, 2.5, 3] }) },
  { title: "Upsample with scales as an input", opset: 9, nodes: one("Upsample", { mode: "linear" }, ["s"]), tensors: [tensor("s", [4], [1, 1, 2, 1.5])] },
  { title: "Resize of set 10", opset: 10, nodes: one("Resize", { mode: "linear" }, ["s"]), tensors: [tensor("s", [4], [1, 1, 0.5, 2])] },
  { title: "Resize with an empty roi, by scales", opset: 11, nodes: one("Resize", { mode: "linear", coordinate_transformation_mode: "align_corners" }, ["roi", "s"]), tensors: [tensor("roi", [0], []), tensor("s", [4], [1, 1, 2, 2])] },
  { title: "Resize with half pixels for the nearest", opset: 11, nodes: one("Resize", { coordinate_transformation_mode: "tf_half_pixel_for_nn", nearest_mode: "floor" }, ["roi", "s"]), tensors: [tensor("roi", [0], []), tensor("s", [4], [1, 1, 1.5, 0.6])] },
  { title: "Resize by the nearest, of the newest form", opset: 19, nodes: one("Resize", {}, ["", "s"]), tensors: [tensor("s", [4], [1, 1, 1.5, 2])] },
  { title: "ConvTranspose", opset: 11, nodes: one("ConvTranspose", { strides: [2, 3], pads: [1, 0, 0, 2], output_padding: [1, 2] }, ["w"]), tensors: [tensor("w", [3, 1, 2, 2], Array.from({ length: 12 }, (_, i) => i - 5))] },
  { title: "BatchNormalization of set 9", opset: 9, nodes: one("BatchNormalization", { epsilon: 0.01, momentum: 0.5 }, ["s", "b", "m", "v"]),
    tensors: [tensor("s", [3], [1, 2, 3]), tensor("b", [3], [0, 1, -1]), tensor("m", [3], [0.1, 0.2, 0.3]), tensor("v", [3], [1, 2, 0.5])] },
  { title: "ConstantOfShape of known dims", opset: 12, nodes: [
    { op: "Shape", inputs: ["x"], outputs: ["dims"] }, { op: "ConstantOfShape", inputs: ["dims"], outputs: ["zeros"] }, { op: "Add", inputs: ["x", "zeros"], outputs: ["y"] }] },
  { title: "Constant of floats", opset: 12, nodes: [{ op: "Constant", inputs: [], outputs: ["c"], attrs: { value_floats: [0.5, 1.5, 2.5, 3.5, 4.5] } }, { op: "Mul", inputs: ["x", "c"], outputs: ["y"] }] },
];

describe("older forms", () => {
  it.each(cases)("$title (set $opset) means what onnxruntime takes it for", async ({ opset, nodes, tensors }) => {
    const bytes = file(opset, nodes, tensors);
    const [found, expected] = [run(bytes), (await runModel(bytes, feeds, "disabled")).get("y")];
    expect([found.dtype, found.shape]).toEqual([expected?.dtype, expected?.shape]);
    const wanted = numbersOf(expected);
    const differences = numbersOf(found).map((value, index) => Math.abs(value - (wanted[index] ?? NaN)));
    expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
  });
});

describe("forms that no runtime reads today", () => {
  it("Add before set 7 broadcasts from its axis on", () => {
    const bytes = file(6, one("Add", { broadcast: 1, axis: 1 }, ["b"]), [tensor("b", [3], [10, 20, 30])]);
    const x = numbersOf(feeds.get("x"));
    expect(numbersOf(run(bytes))).toEqual(x.map((value, index) => Math.fround(value + 10 * (1 + Math.floor(index / 20) % 3))));
  });

  it("PRelu before set 7 has one slope per channel", () => {
    const bytes = file(6, one("PRelu", {}, ["b"]), [tensor("b", [3], [2, 4, 8])]);
    const x = numbersOf(feeds.get("x"));
    expect(numbersOf(run(bytes))).toEqual(x.map((value, index) => value < 0 ? value * 2 ** (1 + Math.floor(index / 20) % 3) : value));
  });

  it("Reshape and Cast before sets 5 and 6 have their operands in attributes", () => {
    const bytes = file(4, [
      { op: "Reshape", inputs: ["x"], outputs: ["r"], attrs: { shape: [6, -1], consumed_inputs: [0] } },
      { op: "Cast", inputs: ["r"], outputs: ["d"], attrs: { to: "DOUBLE" } }, { op: "Cast", inputs: ["d"], outputs: ["y"], attrs: { to: "FLOAT" } }]);
    expect(run(bytes)).toMatchObject({ dtype: "float32", shape: [6, 20] });
  });

  it("Concat before set 4 joins along axis 1", () => {
    expect(run(file(3, one("Concat", {}, ["x"]))).shape).toEqual([2, 6, 4, 5]);
  });
});

describe("uses that cannot be expressed", () => {
  const codes = (bytes: Uint8Array): readonly string[] => {
    const read = readOnnx(bytes, { file: "old.onnx" });
    return read.ok ? [] : read.errors.map(({ code }) => code);
  };

  it("training is refused", () => {
    expect(codes(file(6, one("Dropout", { is_test: 0 })))).toEqual(["OP_FORM_UNSUPPORTED"]);
    expect(codes(file(12, [{ op: "Dropout", inputs: ["x"], outputs: ["d", "mask"] }, { op: "Identity", inputs: ["mask"], outputs: ["y"] }]))).toEqual(["OP_FORM_UNSUPPORTED"]);
  });

  it.each([
    ["mode cubic", 13, one("Resize", { mode: "cubic" }, ["", "s"])],
    ["antialias", 18, one("Resize", { mode: "linear", antialias: 1 }, ["", "s"])],
    ["a crop", 13, one("Resize", { coordinate_transformation_mode: "tf_crop_and_resize" }, ["", "s"])],
    ["half pixels for the nearest, rounded", 11, one("Resize", { coordinate_transformation_mode: "tf_half_pixel_for_nn" }, ["", "s"])],
    ["a smaller picture by a set that leaves its elements open", 10, one("Resize", {}, ["s"])],
  ])("a resize with %s is refused", (_why, opset, nodes) => {
    expect(codes(file(opset, nodes, [tensor("s", [4], [1, 1, 0.5, 2])]))).toEqual(["OP_FORM_UNSUPPORTED"]);
  });

  it("a constant far larger than its file is refused", () => {
    const dims = indices("dims", [65536, 65536]);
    expect(codes(file(12, [{ op: "ConstantOfShape", inputs: ["dims"], outputs: ["y"] }], [dims]))).toEqual(["OP_FORM_UNSUPPORTED"]);
  });

  it("a broadcast axis without known ranks is refused", () => {
    const bytes = modelFile({ opset: 6, nodes: one("Add", { broadcast: 1, axis: 1 }, ["b"]), inputs: { x: ["float32", null] }, outputs: { y: ["float32", null] }, tensors: [tensor("b", [3], [1, 2, 3])] });
    expect(codes(bytes)).toEqual(["OP_FORM_UNSUPPORTED"]);
  });
});
