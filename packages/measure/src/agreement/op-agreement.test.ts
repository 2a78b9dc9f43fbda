import { type Graph, type OpName, type Tensor, elementCount, parseGraph, propagateShapes, valueOf } from "@edgewise/graph";
import { ops } from "@edgewise/graph/ops";
import { canonicalize } from "@edgewise/graph/passes";
import { type Ranges, quantizeGraph, structuralRanges } from "@edgewise/quantizer";
import { randomCnn } from "@edgewise/testkit";
import { afterAll, describe, expect, test } from "vitest";
import { ortRunner } from "../ort/runner.ts";
import { opAgreement } from "./op-agreement.ts";
import { mostSteps } from "./steps.ts";

/** adr/0002: two roundings of the reference against one of onnxruntime, on equal inputs. */
const STEPS_AN_OP = 1;

/** Graphs from x to y, small and odd, and some wide enough for onnxruntime's vector kernels. */
const cases: Partial<Record<OpName, readonly string[]>> = {
  Conv: [
    "in x: float32[1, 3, 9, 8]\nw: float32[7, 3, 3, 3] = const seed 1\nb: float32[7] = const seed 2\ny = Conv(x, w, b) kernel_shape=[3, 3] strides=[2, 1] pads=[1, 1, 1, 1] clampMin=0",
    "in x: float32[1, 8, 7, 7]\nw: float32[8, 1, 3, 3] = const seed 1\nb: float32[8] = const seed 2\ny = Conv(x, w, b) group=8 kernel_shape=[3, 3] pads=[1, 1, 1, 1] clampMin=0 clampMax=6",
    "in x: float32[1, 6, 7, 5]\nw: float32[4, 3, 3, 2] = const seed 1\ny = Conv(x, w) group=2 kernel_shape=[3, 2] dilations=[2, 1]",
    "in x: float32[1, 64, 8, 8]\nw: float32[64, 64, 1, 1] = const seed 1\nb: float32[64] = const seed 2\ny = Conv(x, w, b) kernel_shape=[1, 1] clampMin=0",
    "in x: float32[1, 32, 8, 8]\nw: float32[32, 1, 3, 3] = const seed 1\nb: float32[32] = const seed 2\ny = Conv(x, w, b) group=32 kernel_shape=[3, 3] pads=[1, 1, 1, 1]",
  ],
  ConvTranspose: [
    "in x: float32[1, 3, 4, 5]\nw: float32[3, 7, 3, 2] = const seed 1\nb: float32[7] = const seed 2\ny = ConvTranspose(x, w, b) kernel_shape=[3, 2] strides=[2, 3] pads=[1, 0, 1, 1] output_padding=[1, 0] clampMin=0",
    "in x: float32[1, 16, 6, 6]\nw: float32[16, 8, 2, 2] = const seed 1\nb: float32[8] = const seed 2\ny = ConvTranspose(x, w, b) kernel_shape=[2, 2] strides=[2, 2]",
  ],
  Gemm: [
    "in x: float32[1, 600]\nw: float32[40, 600] = const seed 1\nb: float32[40] = const seed 2\ny = Gemm(x, w, b) transB=1",
    "in x: float32[1, 60]\nw: float32[9, 60] = const seed 1\nb: float32[9] = const seed 2\ny = Gemm(x, w, b) transB=1",
  ],
  MatMul: ["in x: float32[5, 40]\nw: float32[40, 6] = const seed 1\ny = MatMul(x, w)"],
  Add: ["in x: float32[1, 4, 5, 5]\nw: float32[4, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\ny = Add(x, c) clampMin=0"],
  Sub: ["in x: float32[1, 4, 5, 5]\nw: float32[4, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\ny = Sub(x, c)"],
  Mul: ["in x: float32[1, 4, 5, 5]\nk: float32[1, 4, 1, 1] = const seed 1\ny = Mul(x, k)"],
  Min: ["in x: float32[1, 4, 5, 5]\nw: float32[4, 4, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\ny = Min(x, c)"],
  Max: ["in x: float32[1, 4, 5, 5]\nk: float32[1, 4, 1, 1] = const seed 1\ny = Max(x, k)"],
  Relu: ["in x: float32[1, 200]\ny = Relu(x)"],
  LeakyRelu: ["in x: float32[1, 200]\ny = LeakyRelu(x) alpha=0.1"],
  Elu: ["in x: float32[1, 200]\ny = Elu(x) alpha=1.5"],
  PRelu: ["in x: float32[1, 5, 7, 7]\nk: float32[5, 1, 1] = const seed 6 [-0.2, 0.4]\ny = PRelu(x, k)"],
  Clip: ["in x: float32[1, 200]\nl: float32[] = const [-1]\nh: float32[] = const [1.5]\ny = Clip(x, l, h)"],
  HardSwish: ["in x: float32[1, 256]\ny = HardSwish(x)"],
  Sigmoid: ["in x: float32[1, 256]\ny = Sigmoid(x)"],
  Tanh: ["in x: float32[1, 256]\ny = Tanh(x)"],
  Softmax: ["in x: float32[1, 10]\ny = Softmax(x) axis=1", "in x: float32[1, 2]\ny = Softmax(x) axis=1"],
  MaxPool: ["in x: float32[1, 4, 7, 7]\ny = MaxPool(x) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1]"],
  AveragePool: ["in x: float32[1, 4, 7, 7]\ny = AveragePool(x) kernel_shape=[3, 2] strides=[2, 1]", "in x: float32[1, 4, 7, 7]\ny = AveragePool(x) kernel_shape=[3, 3] pads=[1, 1, 1, 1]"],
  GlobalAveragePool: ["in x: float32[1, 6, 7, 7]\ny = GlobalAveragePool(x)"],
  GlobalMaxPool: ["in x: float32[1, 6, 7, 7]\ny = GlobalMaxPool(x)"],
  ReduceMean: ["in x: float32[1, 6, 7, 7]\na: int64[2] = const [2, 3]\ny = ReduceMean(x, a) keepdims=0"],
  Resize: [
    "in x: float32[1, 4, 5, 6]\ns: int64[4] = const [1, 4, 10, 12]\ny = Resize(x, _, _, s) coordinate_transformation_mode=\"asymmetric\" nearest_mode=\"floor\"",
    "in x: float32[1, 4, 5, 6]\ns: int64[4] = const [1, 4, 9, 4]\ny = Resize(x, _, _, s) coordinate_transformation_mode=\"align_corners\" nearest_mode=\"round_prefer_ceil\"",
    "in x: float32[1, 4, 5, 6]\ns: float32[4] = const [1, 1, 2, 2]\ny = Resize(x, _, s) mode=\"linear\"",
    "in x: float32[1, 4, 5, 6]\ns: int64[4] = const [1, 4, 9, 11]\ny = Resize(x, _, _, s) mode=\"linear\" coordinate_transformation_mode=\"align_corners\"",
    "in x: float32[1, 4, 5, 6]\ns: int64[4] = const [1, 4, 3, 13]\ny = Resize(x, _, _, s) mode=\"linear\" coordinate_transformation_mode=\"asymmetric\"",
  ],
  Reshape: ["in x: float32[1, 4, 3, 2]\ns: int64[2] = const [1, 24]\ny = Reshape(x, s)"],
  Flatten: ["in x: float32[1, 4, 3, 2]\ny = Flatten(x)"],
  Transpose: ["in x: float32[1, 4, 3, 2]\ny = Transpose(x) perm=[0, 2, 3, 1]"],
  Squeeze: ["in x: float32[1, 4, 1, 2]\na: int64[1] = const [2]\ny = Squeeze(x, a)"],
  Unsqueeze: ["in x: float32[4, 2]\na: int64[1] = const [0]\ny = Unsqueeze(x, a)"],
  Identity: ["in x: float32[4, 2]\ny = Identity(x)"],
  Concat: ["in x: float32[1, 3, 4, 4]\nr = Relu(x)\ny = Concat(x, r) axis=1"],
  Split: ["in x: float32[1, 6, 4, 4]\nn: int64[2] = const [2, 4]\na, b = Split(x, n) axis=1\ny = Concat(b, a) axis=1"],
  Slice: ["in x: float32[1, 6, 8, 8]\ns: int64[2] = const [1, 2]\ne: int64[2] = const [5, 8]\na: int64[2] = const [1, 2]\ny = Slice(x, s, e, a)"],
  Pad: ["in x: float32[1, 3, 4, 4]\np: int64[8] = const [0, 0, 1, 2, 0, 0, 1, 0]\nv: float32[] = const [0]\ny = Pad(x, p, v)"],
  Gather: ["in x: float32[5, 4]\ni: int64[3] = const [4, 0, 2]\ny = Gather(x, i) axis=0"],
};

function numbers(seed: number): (limit: number) => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Ranges of odd widths and positions, so that scales and zero points differ everywhere. */
function ranges(graph: Graph, seed: number): Ranges {
  const next = numbers(seed);
  return Object.fromEntries(Object.keys(structuralRanges(graph)).map((id) => {
    const low = -next(1000) / 250;
    return [id, [Math.fround(low), Math.fround(low + (1 + next(1000)) / 150)] as const];
  }));
}

function feeds(graph: Graph, seed: number): ReadonlyMap<string, Tensor> {
  const next = numbers(seed);
  return new Map(graph.inputs.map((id): [string, Tensor] => {
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    return [id, { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, () => next(8001) / 1000 - 4) }];
  }));
}

function quantized(graph: Graph, seed: number): Graph {
  const result = quantizeGraph(graph, ranges(graph, seed));
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function shaped(text: string): Graph {
  const result = propagateShapes(parseGraph(`graph g\n${text}\nout y\n`));
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

describe("each int8 op in onnxruntime is at most one step from the reference on equal inputs", () => {
  const runner = ortRunner("all");
  afterAll(() => runner.close());

  async function farOps(graph: Graph, seeds: readonly number[]): Promise<readonly unknown[]> {
    const found = await opAgreement({ graph, runner, samples: seeds.map((seed) => feeds(graph, seed)) });
    expect(found.length).toBeGreaterThan(0);
    return found.filter(({ steps }) => mostSteps(steps) > STEPS_AN_OP);
  }

  test("every op that has int8 arithmetic has a case here", () => {
    const withInt8 = Object.values(ops).filter(({ evaluateInt8 }) => evaluateInt8 !== undefined).map(({ name }) => name);
    // Quantize stands at the border of every case; Dequantize makes no stored integers.
    expect([...Object.keys(cases), "Quantize", "Dequantize"].sort()).toEqual(withInt8.sort());
  });

  test.each(Object.entries(cases).flatMap(([op, texts]) => texts.map((text, form) => [op, form, text] as const)))("%s, form %i", async (_, __, text) => {
    for (const seed of [1, 2, 3, 4]) expect(await farOps(quantized(shaped(text), seed), [10 * seed, 10 * seed + 1])).toEqual([]);
  });

  test("random networks, node by node", async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const canonical = canonicalize(randomCnn(seed));
      if (!canonical.ok) throw new Error(JSON.stringify(canonical.errors));
      expect(await farOps(quantized(canonical.value, seed), [seed])).toEqual([]);
    }
  });
});

test("an op that is wrong by two steps is found", async () => {
  const graph = quantized(shaped(cases.Gemm![0]!), 1);
  const honest = ortRunner("all");
  const found = await opAgreement({
    graph, samples: [feeds(graph, 1)],
    runner: {
      async run(alone, given, fetch) {
        const results = await honest.run(alone, given, fetch);
        return new Map([...results].map(([id, tensor]) => [id, tensor.dtype === "int8" ? { ...tensor, data: (tensor.data as Int8Array).map((stored) => stored > 0 ? stored - 3 : stored + 3) } : tensor]));
      },
    },
  });
  await honest.close();
  expect(found.every(({ steps }) => mostSteps(steps) >= 2)).toBe(true);
});
