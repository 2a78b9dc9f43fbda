import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readOnnx } from "../../../../formats/src/onnx/index.ts";
import { bindDims, openDims } from "../../bind.ts";
import { type Graph, valueOf } from "../../graph.ts";
import { interpret } from "../../interpret.ts";
import type { Tensor } from "../../tensor.ts";
import { verifyGraph } from "../../verify.ts";
import { workOf } from "../../work.ts";
import { canonicalize } from "../pipeline.ts";
import { reduceInt8 } from "./reduce-int8.ts";

const corpus = resolve(process.env["EDGEWISE_CORPUS"] ?? "../shared/corpus", "models");

/** Of one run on the largest of these graphs; the quickest of several counts. */
const REDUCE_MS = 300;
const REDUCE_RUNS = 3;

interface Case {
  readonly file: string;
  /** Weights of Conv and Gemm, and multiply-accumulates, before and after. */
  readonly weights: readonly [number, number];
  readonly macs: readonly [number, number];
}

const cases: readonly Case[] = [
  { file: "mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx", weights: [208_112, 29_010], macs: [7_489_664, 3_726_809] },
  { file: "mlperf-kws-dscnn/kws_ref_model_qdq.onnx", weights: [22_016, 22_016], macs: [2_656_768, 2_656_768] },
  { file: "mlperf-ic-resnet8/resnet_qdq.onnx", weights: [77_360, 77_360], macs: [12_501_632, 12_501_632] },
  { file: "mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx", weights: [264_192, 264_192], macs: [264_192, 264_192] },
];

function load(file: string): Graph {
  const read = readOnnx(new Uint8Array(readFileSync(resolve(corpus, file))), { file });
  const bound = read.ok ? bindDims(read.value, Object.fromEntries(openDims(read.value).map((name) => [name, 1]))) : read;
  const result = bound.ok ? canonicalize(bound.value) : bound;
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function weightsOf(graph: Graph): number {
  return graph.nodes.filter(({ op }) => op === "Conv" || op === "Gemm").reduce((sum, { inputs: [, weights] }) =>
    sum + (valueOf(graph, weights ?? "").shape ?? []).reduce<number>((product, dim) => product * Number(dim), 1), 0);
}

/** What stands before the float end of the graph. */
function answers(graph: Graph, seed: number): Tensor {
  const last = graph.nodes.find(({ op }) => op === "Dequantize")?.inputs[0] ?? "";
  const feeds = new Map(graph.inputs.map((id): [string, Tensor] => {
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    return [id, { dtype: "float32", shape, data: Float32Array.from({ length: shape.reduce((n, dim) => n * dim, 1) }, (_, i) => 1.5 * Math.sin(i * (seed + 0.37) + seed)) }];
  }));
  return interpret(graph, feeds, { fetch: [last] }).get(last)!;
}

describe.skipIf(!existsSync(corpus))("reduceInt8 on the corpus (left out without EDGEWISE_CORPUS)", () => {
  test.each(cases)("$file: fewer weights and multiplications, the same bits", ({ file, weights, macs }) => {
    const before = load(file);
    const after = reduceInt8(before);
    expect(verifyGraph(after)).toEqual([]);
    expect([weightsOf(before), weightsOf(after)]).toEqual(weights);
    expect([workOf(before).macs, workOf(after).macs]).toEqual(macs);
    for (const seed of [0, 1, 2, 3]) expect(answers(after, seed)).toEqual(answers(before, seed));
    const times = Array.from({ length: REDUCE_RUNS }, () => {
      const start = performance.now();
      reduceInt8(before);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(REDUCE_MS);
  });
});
