import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readOnnx } from "../../../formats/src/onnx/index.ts";
import { bindDims, openDims } from "../bind.ts";
import type { Graph } from "../graph.ts";
import { interpret } from "../interpret.ts";
import { propagateShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { verifyGraph } from "../verify.ts";
import { canonicalize } from "./pipeline.ts";

const corpus = resolve(process.env["EDGEWISE_CORPUS"] ?? "../shared/corpus", "models");

/** Sums of float32 products in another order, over the depth of these nets; outputs are logits or probabilities. */
const RELATIVE_TOLERANCE = 1e-3;

/**
 * Steps of int8 before softmax between the file's Q/DQ arithmetic and integer arithmetic: both round at every layer, the
 * one a float32 and the other a fixed-point product, and a bias or an average once more.
 */
const MAX_STEPS = 2;

interface Case {
  readonly file: string;
  /** Nodes of the file and of its canonical form. */
  readonly nodes: readonly [number, number];
  /** Ops of the canonical form, sorted. */
  readonly ops: readonly string[];
}

const floatCases: readonly Case[] = [
  { file: "mlperf-ic-resnet8/pretrainedResnet.onnx", nodes: [24, 16], ops: ["Add", "AveragePool", "Conv", "Gemm", "Reshape", "Softmax"] },
  { file: "mlperf-vww-mobilenetv1/vww_96_float.onnx", nodes: [59, 31], ops: ["AveragePool", "Conv", "Gemm", "Reshape", "Softmax"] },
  { file: "mnist-cnn/mnist_cntk.onnx", nodes: [12, 6], ops: ["Conv", "Gemm", "MaxPool", "Reshape"] },
  { file: "mnist-cnn/mnist_cntk_optimised.onnx", nodes: [8, 6], ops: ["Conv", "Gemm", "MaxPool", "Reshape"] },
  { file: "mnist-cnn/mnist_mlp_pytorch.onnx", nodes: [5, 3], ops: ["Gemm"] },
  { file: "mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx", nodes: [58, 31], ops: ["Conv", "Flatten", "GlobalAveragePool", "Softmax"] },
  { file: "other-onnx/mobilenet_v2_0.35_128_tfs_channel_first.onnx", nodes: [113, 66], ops: ["Add", "Conv", "Gemm", "GlobalAveragePool", "Softmax", "Squeeze"] },
  { file: "other-onnx/mobilenet_v2_128_0.5.onnx", nodes: [113, 66], ops: ["Add", "AveragePool", "Conv", "Gemm", "Reshape", "Softmax"] },
  { file: "gesture-magic-wand/model.onnx", nodes: [12, 9], ops: ["Conv", "Flatten", "Gemm", "MaxPool", "Softmax"] },
];

/** Softmax stays float at the end: these files do not quantize its result. */
const quantizedCases: readonly Case[] = [
  { file: "mlperf-kws-dscnn/kws_ref_model_qdq.onnx", nodes: [58, 16], ops: ["Conv", "Dequantize", "Gemm", "GlobalAveragePool", "Quantize", "Reshape", "Softmax"] },
  { file: "mlperf-ic-resnet8/resnet_qdq.onnx", nodes: [67, 19], ops: ["Add", "Conv", "Dequantize", "Gemm", "GlobalAveragePool", "Quantize", "Reshape", "Softmax", "Transpose"] },
  { file: "mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx", nodes: [52, 12], ops: ["Dequantize", "Gemm", "Quantize"] },
  { file: "mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx", nodes: [148, 33], ops: ["Conv", "Dequantize", "Gemm", "GlobalAveragePool", "Quantize", "Reshape", "Softmax"] },
];

function load(file: string): Graph {
  const bytes = new Uint8Array(readFileSync(resolve(corpus, file)));
  const read = readOnnx(bytes, { file });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const bound = bindDims(read.value, Object.fromEntries(openDims(read.value).map((name) => [name, 1])));
  const shaped = bound.ok ? propagateShapes(bound.value) : bound;
  if (!shaped.ok) throw new Error(JSON.stringify(shaped.errors));
  return shaped.value;
}

function canonical(graph: Graph): Graph {
  const result = canonicalize(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  expect(verifyGraph(result.value)).toEqual([]);
  return result.value;
}

function run(graph: Graph, fetch: readonly string[]): ReadonlyMap<string, Tensor> {
  return interpret(graph, new Map(graph.inputs.map((id): [string, Tensor] => {
    const shape = (graph.values.get(id)?.shape ?? []).map(Number);
    const count = shape.reduce((n, dim) => n * dim, 1);
    return [id, { dtype: "float32", shape, data: Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.37) / 2 + 0.5) }];
  })), { fetch });
}

function answers(graph: Graph, fetch: readonly string[] = graph.outputs): readonly number[] {
  const results = run(graph, fetch);
  return fetch.flatMap((id) => Array.from(results.get(id)?.data ?? [], Number));
}

describe.skipIf(!existsSync(corpus))("canonicalize on the corpus (left out without EDGEWISE_CORPUS)", () => {
  test.each(floatCases)("$file: fused, and the same answers", ({ file, nodes, ops }) => {
    const before = load(file);
    const after = canonical(before);
    expect([before.nodes.length, after.nodes.length]).toEqual(nodes);
    expect([...new Set(after.nodes.map(({ op }) => op))].sort()).toEqual(ops);
    const [want, got] = [answers(before), answers(after)];
    const size = Math.max(...want.map(Math.abs));
    want.forEach((x, i) => expect(Math.abs((got[i] ?? NaN) - x) / size).toBeLessThanOrEqual(RELATIVE_TOLERANCE));
  });

  test.each(quantizedCases)("$file: integers inside, one Quantize at the front and one Dequantize at the back", ({ file, nodes, ops }) => {
    const before = load(file);
    const after = canonical(before);
    expect([before.nodes.length, after.nodes.length]).toEqual(nodes);
    expect([...new Set(after.nodes.map(({ op }) => op))].sort()).toEqual(ops);
    expect(after.nodes.filter(({ op }) => op.includes("uantize")).map(({ op }) => op)).toEqual(["Quantize", "Dequantize"]);
    const last = after.nodes.find(({ op }) => op === "Dequantize");
    const scale = after.values.get(last?.inputs[0] ?? "")?.quant?.scale[0] ?? NaN;
    const [want, got] = [answers(before, last?.outputs), answers(after, last?.outputs)];
    const steps = want.map((x, i) => Math.round(Math.abs((got[i] ?? NaN) - x) / scale));
    expect(Math.max(...steps)).toBeLessThanOrEqual(MAX_STEPS);
  });
});
