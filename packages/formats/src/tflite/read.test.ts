import { describe, expect, test } from "vitest";
import { readTflite, tfliteValueIds } from "./read.ts";
import { oneOperator, problemsOf, readModel, readText, text } from "./testing/read-text.ts";
import { type TestModel, type TestTensor, tfliteFile } from "./testing/tflite-file.ts";

/** x → RELU → y, with what differs. */
function relu(x: Partial<TestTensor>, model: Partial<TestModel> = {}): TestModel {
  return { tensors: [{ name: "x", shape: [2], ...x }, { name: "y", shape: [2] }], operators: [{ op: "RELU", inputs: [0], outputs: [1] }], inputs: [0], outputs: [1], ...model };
}

function codesOf(model: TestModel): readonly string[] {
  return problemsOf(model).map(({ code }) => code);
}

describe("a file", () => {
  test("becomes a graph with its name, description and ports", () => {
    expect(readModel(relu({}, { description: "made here" }))).toMatchObject({ name: "main", inputs: ["x"], outputs: ["y"], metadata: { description: "made here" } });
  });

  test("without the identifier TFL3 is none, and says what it found", () => {
    const result = readTflite(tfliteFile(relu({}, { identifier: "ORTM" })), { file: "a.ort" });
    expect(result).toMatchObject({ ok: false, errors: [{ code: "TFLITE_NOT_A_MODEL", found: "the identifier \"ORTM\"", subject: { path: "a.ort" } }] });
    expect(readTflite(new Uint8Array(3), { file: "f" })).toMatchObject({ ok: false, errors: [{ code: "TFLITE_NOT_A_MODEL", found: "3 bytes" }] });
  });

  test("without a graph is refused", () => {
    expect(codesOf(relu({}, { subgraphs: 0 }))).toEqual(["TFLITE_NOT_A_MODEL"]);
  });

  test("of several subgraphs is its first one", () => {
    expect(readModel(relu({}, { subgraphs: 3 })).nodes.length).toBe(1);
  });
});

describe("names", () => {
  const model: TestModel = {
    tensors: [{ name: "a", shape: [1] }, { name: "", shape: [1] }, { name: "a", shape: [1] }, { name: "a#2", shape: [1] }],
    operators: [0, 1, 2].map((i) => ({ op: "RELU", inputs: [i], outputs: [i + 1] })), inputs: [0], outputs: [3],
  };

  test("that are empty, or stand twice, get the tensor's index; none is taken from another tensor", () => {
    expect(tfliteValueIds(tfliteFile(model))).toEqual(["a", "tensor#1", "a#2#", "a#2"]);
    expect(readModel(model).nodes.map(({ outputs }) => outputs[0])).toEqual(["tensor#1", "a#2#", "a#2"]);
  });

  test("of values made here give way to those of the file", () => {
    const graph = readModel(oneOperator({
      op: "MEAN", inputs: [0, 1], outputs: [2], tensors: [{ name: "x", shape: [1, 2] }, { name: "y.axes", shape: [1], type: "int32", data: [1] }, { name: "y", shape: [1] }],
    }));
    expect(graph.nodes[0]?.inputs).toEqual(["x", "y.axes.1"]);
  });

  test("of a file that cannot be read are none", () => {
    expect(tfliteValueIds(tfliteFile(model).subarray(0, 40))).toEqual([]);
  });
});

describe("operator codes", () => {
  test("are read from the old field, too; the larger one counts", () => {
    expect(readModel(relu({}, { oldCodes: true })).nodes[0]?.op).toBe("Relu");
    expect(readModel({ ...relu({}), operators: [{ op: "RELU_0_TO_1", inputs: [0], outputs: [1] }] }).nodes[0]?.op).toBe("Clip");
  });

  test("that are not supported are named once each, with how often they stand", () => {
    const model: TestModel = {
      tensors: Array.from({ length: 6 }, (_, i) => ({ name: `t${i}`, shape: [1] })),
      operators: ["ARG_MAX", "MyOp", "WHILE", "ARG_MAX", "LSTM"].map((op, i) => ({ op, inputs: [i], outputs: [i + 1] })), inputs: [0], outputs: [5],
    };
    expect(problemsOf(model).map(({ code, found, subject }) => [code, found, subject.kind === "node" ? subject.node : ""])).toEqual([
      ["OP_UNSUPPORTED", "ARG_MAX, 2 times", "operator 0 (t1)"], ["OP_UNSUPPORTED", "MyOp, 1 time", "operator 1 (t2)"],
      ["OP_UNSUPPORTED", "WHILE, 1 time", "operator 2 (t3)"], ["OP_UNSUPPORTED", "LSTM, 1 time", "operator 4 (t5)"],
    ]);
    expect(problemsOf(model)[2]?.fix).toContain("control flow");
    expect(problemsOf(model)[3]?.fix).toContain("state");
  });
});

describe("a tensor", () => {
  test.each<readonly [string, TestModel, string]>([
    ["of strings", relu({ type: "string" }), "TFLITE_TENSOR_TYPE"],
    ["of packed 4-bit numbers", relu({ type: "int4" }), "TFLITE_TENSOR_TYPE"],
    ["in sparse form", relu({ sparse: true }), "TFLITE_SPARSE"],
    ["that keeps its contents", relu({ variable: true }), "TFLITE_STATE"],
    ["of 16-bit activations", relu({ type: "int16", scale: [1] }), "TFLITE_INT16_ACTIVATIONS"],
    ["with a dim without a size", relu({ shape: [-1] }), "TFLITE_TENSOR_SHAPE"],
    ["larger than any memory", relu({ shape: [2 ** 31 - 1, 2 ** 31 - 1] }), "TFLITE_TENSOR_SHAPE"],
    ["quantized by blocks", relu({ type: "int8", scale: [1], special: true }), "TFLITE_QUANT"],
    ["of floats with a scale", relu({ scale: [1] }), "TFLITE_QUANT"],
    ["of a scale of 0", relu({ type: "int8", scale: [0] }), "TFLITE_QUANT"],
    ["of a scale that is no number", relu({ type: "int8", scale: [NaN] }), "TFLITE_QUANT"],
    ["of scales that do not fit its shape", relu({ type: "int8", scale: [1, 2, 3] }), "TFLITE_QUANT"],
    ["of a zero point out of range", relu({ type: "int8", scale: [1], zeroPoint: [200] }), "TFLITE_QUANT"],
  ])("%s is refused with its name", (_, model, code) => {
    const problems = problemsOf(model);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.subject).toMatchObject({ keyPath: "tensor 0 (x)" });
  });

  const sum = (second: Partial<TestTensor>): TestModel => oneOperator({ op: "ADD", inputs: [0, 1], outputs: [2], tensors: [{ name: "a", shape: [2] }, { name: "k", shape: [2], ...second }, { name: "y", shape: [2] }] });

  test("whose contents do not fill its shape is refused", () => {
    expect(problemsOf(sum({ data: [1, 2, 3] }))).toMatchObject([{ code: "TFLITE_TENSOR_BYTES", found: "12 bytes" }]);
  });

  test("whose buffer does not exist, or stands outside of the FlatBuffer, is refused", () => {
    expect(codesOf(sum({ data: { buffer: 9 } }))).toEqual(["TFLITE_GRAPH"]);
    expect(codesOf({ ...sum({ data: [1, 2] }), externalBuffers: true })).toEqual(["TFLITE_EXTERNAL_BUFFER"]);
  });

  test("may share its buffer with another, and its bytes are those of the file", () => {
    const model = oneOperator({ op: "ADD", inputs: [0, 1], outputs: [2], tensors: [{ name: "a", shape: [2], data: [1, 2] }, { name: "k", shape: [2], data: { buffer: 1 } }, { name: "y", shape: [2] }] });
    const bytes = tfliteFile(model);
    const result = readTflite(bytes, { file: "f" });
    const constants = result.ok ? ["a", "k"].map((id) => result.value.values.get(id)?.constant?.bytes) : [];
    expect(constants.map((found) => [found?.buffer === bytes.buffer, found?.byteOffset])).toEqual([[true, constants[0]?.byteOffset], [true, constants[0]?.byteOffset]]);
  });

  test("with an open batch is read at the size the file stores; another open dim is a warning", () => {
    expect(readTflite(tfliteFile(relu({ signature: [-1] })), { file: "f" })).toMatchObject({ ok: true, warnings: [] });
    const open = relu({ shape: [1, 2], signature: [-1, -1] }, { tensors: [{ name: "x", shape: [1, 2], signature: [-1, -1] }, { name: "y", shape: [1, 2] }] });
    expect(readTflite(tfliteFile(open), { file: "f" })).toMatchObject({ ok: true, warnings: [{ code: "TFLITE_OPEN_SHAPE", severity: "warning" }] });
  });
});

describe("the graph", () => {
  const chain = (operators: TestModel["operators"], model: Partial<TestModel> = {}): TestModel => ({ tensors: [0, 1, 2].map((i) => ({ name: `t${i}`, shape: [1] })), operators, inputs: [0], outputs: [2], ...model });
  const step = (from: number, to: number): TestModel["operators"][number] => ({ op: "RELU", inputs: [from], outputs: [to] });

  test.each<readonly [string, TestModel]>([
    ["reads a tensor before it is made", chain([step(1, 2), step(0, 1)])],
    ["makes a tensor twice", chain([step(0, 1), step(0, 2), step(1, 2)])],
    ["makes its own input", chain([step(0, 0), step(0, 2)])],
    ["names a tensor that is not there", chain([step(0, 1), step(7, 2)])],
    ["has an output that nothing makes", chain([step(0, 1)])],
    ["has no outputs", chain([step(0, 1)], { outputs: [] })],
    ["names an input twice", chain([step(0, 2)], { inputs: [0, 0] })],
  ])("that %s is refused", (_, model) => {
    expect(codesOf(model)).toContain("TFLITE_GRAPH");
  });

  test("tells every mistake at once", () => {
    const model = chain([{ op: "RELU", inputs: [-1], outputs: [1] }, { op: "Strange", inputs: [0], outputs: [2] }], { tensors: [{ name: "t0", shape: [1], sparse: true }, { name: "t1", shape: [1] }, { name: "t2", shape: [1] }] });
    expect(codesOf(model)).toEqual(["TFLITE_SPARSE", "OP_FORM_UNSUPPORTED", "OP_UNSUPPORTED"]);
  });
});

describe("integers", () => {
  const conv = (parts: { readonly w?: Partial<TestTensor>; readonly b?: Partial<TestTensor>; readonly y?: Partial<TestTensor> }): TestModel => oneOperator({
    op: "FULLY_CONNECTED", inputs: [0, 1, 2], outputs: [3],
    tensors: [
      { name: "x", shape: [1, 2], type: "int8", scale: [0.5] }, { name: "w", shape: [1, 2], type: "int8", data: [1, 2], scale: [0.25], ...parts.w },
      { name: "b", shape: [1], type: "int32", data: [5], scale: [0.125], ...parts.b }, { name: "y", shape: [1, 1], type: "int8", scale: [1], ...parts.y },
    ],
  });

  test("take a bias whose scale is the product of the others, stated or not", () => {
    const stated = readText(conv({}));
    const { scale: _, ...unstated } = { name: "b", shape: [1], type: "int32" as const, data: [5], scale: [0.125] };
    const model = conv({});
    expect(readText({ ...model, tensors: model.tensors.with(2, unstated) })).toBe(stated);
    expect(stated).toContain("b.bias: int32[1] scale=0.125 = const [5]");
  });

  test("refuse a bias of another scale, type or size", () => {
    expect(problemsOf(conv({ b: { scale: [0.25] } }))).toMatchObject([{ code: "OP_FORM_UNSUPPORTED", found: "0.25 for channel 0", expected: "0.125" }]);
    expect(codesOf(conv({ b: { type: "int64", data: [5] } }))).toEqual(["TFLITE_QUANT"]);
    expect(codesOf(conv({ b: { shape: [2], data: [5, 6] } }))).toEqual(["OP_FORM_UNSUPPORTED"]);
  });

  test("refuse a result without a scale: some of its values would be integers, some not", () => {
    expect(codesOf(conv({ y: { type: "float32", scale: [] } }))).not.toEqual([]);
  });

  test("of uint8 weights lose their zero point where the differences are int8 numbers, and keep it else", () => {
    expect(readText(conv({ w: { type: "uint8", data: [90, 227], zeroPoint: [100] } }))).toContain("w.weights: int8[1, 2] scale=0.25 = const [-10, 127]");
    expect(readText(conv({ w: { type: "uint8", data: [90, 228], zeroPoint: [100] } }))).toContain("w.weights: int8[1, 2] scale=0.25 zero=-28 = const [-38, 100]");
  });

  const int8 = (name: string, shape: readonly number[], scale: number): TestTensor => ({ name, shape, type: "int8", scale: [scale] });

  test.each<readonly [string, TestModel]>([
    ["a minimum of another scale", oneOperator({ op: "MINIMUM", inputs: [0, 1], outputs: [2], tensors: [int8("a", [2], 1), int8("b", [2], 0.5), int8("y", [2], 1)] })],
    ["a pool whose result has another scale", oneOperator({ op: "MAX_POOL_2D", inputs: [0], outputs: [1], tensors: [int8("x", [1, 2, 2, 1], 1), int8("y", [1, 2, 2, 1], 0.5)], options: [1, 2, 3, 4].map((field) => ({ field, int32: 1 })) })],
    ["a quotient", oneOperator({ op: "DIV", inputs: [0, 1], outputs: [2], tensors: [int8("a", [2], 1), int8("b", [2], 1), int8("y", [2], 1)] })],
    ["weights with a scale a channel and a zero point that must stay", conv({ w: { shape: [2, 1], data: [127, 128], scale: [0.25, 0.5], zeroPoint: [-1, 1], axis: 0 }, b: { shape: [2], data: [0, 0], scale: [0.125, 0.25] } })],
    ["a stride of 0, which options that are left out mean", oneOperator({ op: "MAX_POOL_2D", inputs: [0], outputs: [1], tensors: [int8("x", [1, 2, 2, 1], 1), int8("y", [1, 2, 2, 1], 1)] })],
    ["numbers without a scale in a convolution's place", oneOperator({ op: "RELU", inputs: [0], outputs: [1], tensors: [{ name: "x", shape: [1], type: "int32" }, { name: "y", shape: [1], type: "int32" }] })],
  ])("refuse %s, with the operator's name", (_, model) => {
    expect(problemsOf(model)).toMatchObject([{ code: "OP_FORM_UNSUPPORTED", subject: { kind: "node", op: model.operators[0]?.op } }]);
  });

  test("refuse a softmax, logistic or tanh whose result has another scale than always", () => {
    const softmax = oneOperator({ op: "SOFTMAX", inputs: [0], outputs: [1], tensors: [{ name: "x", shape: [1, 2], type: "int8", scale: [1] }, { name: "y", shape: [1, 2], type: "int8", scale: [0.5] }], options: [{ field: 0, float32: 1 }] });
    expect(codesOf(softmax)).toEqual(["OP_FORM_UNSUPPORTED"]);
  });
});

describe("DEQUANTIZE of a constant", () => {
  const product = (w: TestTensor): TestModel => ({
    tensors: [{ name: "x", shape: [1, 2] }, w, { name: "real", shape: [1, 2] }, { name: "y", shape: [1, 1] }],
    operators: [{ op: "DEQUANTIZE", inputs: [1], outputs: [2] }, { op: "FULLY_CONNECTED", inputs: [0, 2, -1], outputs: [3] }], inputs: [0], outputs: [3],
  });

  test("of float16 becomes a float32 constant", () => {
    expect(readText(product({ name: "w", shape: [1, 2], type: "float16", data: [0x3c00, 0xc100] }))).toBe(text(`
      in x: float32[1, 2]
      real.weights: float32[1, 2] = const [1, -2.5]
      y: float32[1, 1] = Gemm(x, real.weights) transB=1
      out y
    `));
  });

  test("of integers stays integers with their fact, to be dequantized by what reads it", () => {
    expect(readText(product({ name: "w", shape: [1, 2], type: "int8", data: [3, 255], scale: [0.5] }))).toBe(text(`
      in x: float32[1, 2]
      real.weights: int8[1, 2] scale=0.5 = const [3, -1]
      y: float32[1, 1] = Gemm(x, real.weights) transB=1
      out y
    `));
  });
});
