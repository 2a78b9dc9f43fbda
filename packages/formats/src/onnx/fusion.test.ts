import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Graph, interpret, parseGraph } from "@edgewise/graph";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { decodeModel } from "./decode.ts";
import { numbersOf } from "./testing/model-file.ts";
import { writeOnnx } from "./write.ts";

/** Ops of the model that onnxruntime runs, after all its rewrites, in order. */
async function fusedOps(graph: Graph): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "fusion-"));
  try {
    const path = join(folder, "optimized.onnx");
    const session = await ort.InferenceSession.create(writeOnnx(graph).model, { executionProviders: ["cpu"], graphOptimizationLevel: "extended", optimizedModelFilePath: path, logSeverityLevel: 3 });
    await session.release();
    return decodeModel(readFileSync(path)).graph?.nodes.map(({ opType }) => opType) ?? [];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A convolution on integers, per-channel weights, with a clamp and the range of its result. */
function conv(clamp: string, result: string): Graph {
  return parseGraph(`graph conv
in x: float32[1, 2, 4, 4]
q: int8[1, 2, 4, 4] scale=0.05 zero=3 = Quantize(x)
w: int8[3, 2, 1, 1] scale=[0.01, 0.02, 0.03] axis=0 = const [127, -50, 20, 100, -127, 7]
b: int32[3] scale=[0.0005, 0.001, 0.0015] axis=0 = const [100, -200, 300]
c: int8[1, 3, 4, 4] ${result} = Conv(q, w, b) kernel_shape=[1, 1]${clamp}
y = Dequantize(c)
out y
`);
}

describe("what onnxruntime makes of the written pairs", () => {
  it("a convolution is one integer kernel", async () => {
    expect(await fusedOps(conv("", "scale=0.1 zero=5"))).toEqual(["QuantizeLinear", "QLinearConv", "DequantizeLinear"]);
  });

  it("so is one whose Relu, or Relu6, is the saturation of its result", async () => {
    expect(await fusedOps(conv(" clampMin=0", "scale=0.1 zero=-128"))).toEqual(["QuantizeLinear", "QLinearConv", "DequantizeLinear"]);
    expect(await fusedOps(conv(" clampMin=0 clampMax=6", "scale=0.0234375 zero=-128"))).toEqual(["QuantizeLinear", "QLinearConv", "DequantizeLinear"]);
  });

  it("a sum, a pool, a product with weights and a softmax are integer kernels too", async () => {
    const graph = parseGraph(`graph net
in x: float32[1, 2, 4, 4]
q: int8[1, 2, 4, 4] scale=0.05 zero=3 = Quantize(x)
r: int8[1, 2, 4, 4] scale=0.04 zero=0 = Quantize(x)
a: int8[1, 2, 4, 4] scale=0.1 zero=3 = Add(q, r)
m: int8[1, 2, 2, 2] scale=0.1 zero=3 = MaxPool(a) kernel_shape=[2, 2] strides=[2, 2]
g: int8[1, 2, 1, 1] scale=0.1 zero=3 = GlobalAveragePool(m)
s: int64[2] = const [1, 2]
f: int8[1, 2] scale=0.1 zero=3 = Reshape(g, s)
w: int8[3, 2] scale=0.01 = const [127, -50, 20, 100, -127, 7]
b: int32[3] scale=0.001 = const [100, -200, 300]
z: int8[1, 3] scale=0.05 zero=0 = Gemm(f, w, b) transB=1
p: int8[1, 3] scale=0.00390625 zero=-128 = Softmax(z) axis=1
y = Dequantize(p)
out y
`);
    expect(await fusedOps(graph)).toEqual(["QuantizeLinear", "QuantizeLinear", "QLinearAdd", "MaxPool", "QLinearGlobalAveragePool", "Reshape", "QGemm", "QLinearSoftmax", "DequantizeLinear"]);
  });

  it("a clamp that saturation does not imply stays a float op, and clamps", async () => {
    const graph = conv(" clampMin=0", "scale=0.1 zero=0");
    const ops = await fusedOps(graph);
    expect(ops).not.toContain("QLinearConv");
    const x = { dtype: "float32", shape: [1, 2, 4, 4], data: Float32Array.from({ length: 32 }, (_, index) => 5 * Math.sin(index)) } as const;
    const session = await ort.InferenceSession.create(writeOnnx(graph).model, { executionProviders: ["cpu"], logSeverityLevel: 3 });
    const { y } = await session.run({ x: new ort.Tensor("float32", x.data, x.shape) });
    const expected = numbersOf(interpret(graph, new Map([["x", x]])).get("y"));
    // One step of the result: a float product and a fixed-point one may round apart.
    expected.forEach((value, index) => expect(Math.abs(value - Number(y?.data[index]))).toBeLessThan(0.1001));
    await session.release();
  });
});
