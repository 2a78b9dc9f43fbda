import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readOnnx } from "../../../../formats/src/onnx/index.ts";
import { readTflite } from "../../../../formats/src/tflite/index.ts";
import { bindDims, openDims } from "../../bind.ts";
import { type Graph, valueOf } from "../../graph.ts";
import { interpret } from "../../interpret.ts";
import { elementCount, type Tensor } from "../../tensor.ts";
import { verifyGraph } from "../../verify.ts";
import { workOf } from "../../work.ts";
import { canonicalize } from "../pipeline.ts";
import { reduceInt8 } from "./reduce-int8.ts";

const corpus = resolve(process.env["EDGEWISE_CORPUS"] ?? "../shared/corpus", "models");
const golden = resolve(corpus, "../../mcu/golden");

/** Of one run on the largest of these graphs; the quickest of several counts. */
const REDUCE_MS = 300;
const REDUCE_RUNS = 5;

interface Case {
  readonly file: string;
  /** Weights of Conv and Gemm, and multiply-accumulates, before and after. */
  readonly weights: readonly [number, number];
  readonly macs: readonly [number, number];
}

const files: readonly Case[] = [
  { file: "mlperf-vww-mobilenetv1/vww_96_int8.tflite", weights: [208_112, 29_066], macs: [7_489_664, 3_727_313] },
  { file: "mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx", weights: [208_112, 29_010], macs: [7_489_664, 3_726_809] },
  { file: "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite", weights: [479_480, 433_286], macs: [76_473_920, 72_388_544] },
  { file: "tflm-person-detect/person_detect.tflite", weights: [207_968, 207_710], macs: [7_157_888, 7_155_582] },
  { file: "tflm-hello-world/hello_world_int8.tflite", weights: [288, 220], macs: [288, 220] },
];

/** Every channel of these tells something. */
const full: readonly string[] = [
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite", "mlperf-kws-dscnn/kws_ref_model_qdq.onnx", "mlperf-ic-resnet8/pretrainedResnet_int8.tflite",
  "mlperf-ic-resnet8/resnet_qdq.onnx", "mlperf-ad-autoencoder/ad01_int8.tflite", "mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx",
];

function load(file: string): Graph {
  const bytes = new Uint8Array(readFileSync(resolve(corpus, file)));
  const read = file.endsWith(".onnx") ? readOnnx(bytes, { file }) : readTflite(bytes, { file });
  const bound = read.ok ? bindDims(read.value, Object.fromEntries(openDims(read.value).map((name) => [name, 1]))) : read;
  const result = bound.ok ? canonicalize(bound.value) : bound;
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function weightsOf(graph: Graph): number {
  return graph.nodes.filter(({ op }) => op === "Conv" || op === "Gemm").reduce((sum, { inputs: [, weights] }) =>
    sum + elementCount((valueOf(graph, weights ?? "").shape ?? []).map(Number)), 0);
}

/** What stands before a float end of the graph, or its output. */
function answer(graph: Graph, input: Tensor["data"]): readonly number[] {
  const last = graph.nodes.find(({ op }) => op === "Dequantize")?.inputs[0] ?? graph.outputs[0] ?? "";
  const [id = ""] = graph.inputs;
  const { dtype, shape } = valueOf(graph, id);
  return Array.from(interpret(graph, new Map([[id, { dtype, shape: (shape ?? []).map(Number), data: input }]]), { fetch: [last] }).get(last)?.data ?? [], Number);
}

function inputOf(graph: Graph, seed: number): Tensor["data"] {
  const { dtype, shape } = valueOf(graph, graph.inputs[0] ?? "");
  const numbers = { length: elementCount((shape ?? []).map(Number)) };
  const wave = (i: number): number => Math.sin(i * (seed + 0.37) + seed);
  return dtype === "int8" ? Int8Array.from(numbers, (_, i) => Math.round(127 * wave(i))) : Float32Array.from(numbers, (_, i) => 1.5 * wave(i));
}

function int8File(name: string): Int8Array {
  return new Int8Array(readFileSync(resolve(golden, name)));
}

describe.skipIf(!existsSync(corpus))("reduceInt8 on the corpus (left out without EDGEWISE_CORPUS)", () => {
  test.each(files)("$file: fewer weights and multiplications, the same bits", ({ file, weights, macs }) => {
    const before = load(file);
    const after = reduceInt8(before);
    expect(verifyGraph(after)).toEqual([]);
    expect([weightsOf(before), weightsOf(after)]).toEqual(weights);
    expect([workOf(before).macs, workOf(after).macs]).toEqual(macs);
    for (const seed of [0, 1, 2]) expect(answer(after, inputOf(after, seed))).toEqual(answer(before, inputOf(before, seed)));
    const times = Array.from({ length: REDUCE_RUNS }, () => {
      const start = performance.now();
      reduceInt8(before);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(REDUCE_MS);
  });

  test.each(full)("%s: nothing to remove", (file) => {
    const graph = load(file);
    expect(reduceInt8(graph)).toBe(graph);
  });

  test("hello_world: the same answer to all 256 inputs", () => {
    const before = load("tflm-hello-world/hello_world_int8.tflite");
    const after = reduceInt8(before);
    for (let x = -128; x < 128; x++) expect(answer(after, Int8Array.of(x))).toEqual(answer(before, Int8Array.of(x)));
  });

  test.skipIf(!existsSync(golden))("vww: the reduced graph gives the bytes of TensorFlow Lite Micro for eight inputs", () => {
    const reduced = reduceInt8(load("mlperf-vww-mobilenetv1/vww_96_int8.tflite"));
    for (let k = 0; k < 8; k++) expect(answer(reduced, int8File(`vww_96_int8_in${k}.bin`))).toEqual(Array.from(int8File(`vww_96_int8_out${k}.bin`)));
  });
});
