import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Graph, type Result, bindDims, openDims } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, it } from "vitest";
import { readOnnx } from "../onnx/read.ts";
import { describeTflite } from "./describe.ts";
import { bothAnswers, disagreement, reread, written } from "./lower/testing/agreement.ts";
import type { Borders } from "./lower/uint8.ts";
import { readTflite } from "./read.ts";

const corpus = join(process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus"), "models");
const present = existsSync(corpus);

/** Networks of the corpus that the readers take, with the transposes that their files keep. */
const transposes: Readonly<Record<string, number>> = {
  "audio-event/miniresnet_1stacks_64x50_tl_int8.tflite": 0,
  // Rows [N, C, L] are fed as the graph has them.
  "gesture-magic-wand/model.onnx": 1,
  "gesture-magic-wand/model.tflite": 0,
  "gesture-magic-wand/quantized_model.tflite": 0,
  "mlperf-ad-autoencoder/ad01_fp32.tflite": 0,
  "mlperf-ad-autoencoder/ad01_int8.tflite": 0,
  "mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx": 0,
  "mlperf-ic-resnet8/pretrainedResnet.onnx": 0,
  "mlperf-ic-resnet8/pretrainedResnet_float.tflite": 0,
  "mlperf-ic-resnet8/pretrainedResnet_int8.tflite": 0,
  "mlperf-ic-resnet8/pretrainedResnet_large_float.tflite": 0,
  "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite": 0,
  "mlperf-ic-resnet8/resnet_qdq.onnx": 0,
  "mlperf-kws-dscnn/kws_ref_model_float32.tflite": 0,
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite": 0,
  "mlperf-kws-dscnn/kws_ref_model_qdq.onnx": 0,
  "mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx": 0,
  "mlperf-vww-mobilenetv1/vww_96_float.onnx": 0,
  "mlperf-vww-mobilenetv1/vww_96_float.tflite": 0,
  "mlperf-vww-mobilenetv1/vww_96_int8.tflite": 0,
  "mnist-cnn/conv_fc_mnist_float.tflite": 0,
  "mnist-cnn/conv_fc_mnist_srq_a8w8.tflite": 0,
  "mnist-cnn/mnist_cntk.onnx": 0,
  "mnist-cnn/mnist_cntk_optimised.onnx": 0,
  "mnist-cnn/mnist_mlp_pytorch.onnx": 0,
  "mnist-cnn/mnist_quantized_weights_only.tflite": 0,
  "mobilenet-imagenet/mobilenet_v1_0.25_128_quant.tflite": 0,
  "mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx": 0,
  "mobilenet-imagenet/mobilenet_v1_0.5_160_quant.tflite": 0,
  "mobilenet-imagenet/mobilenet_v1_0.75_192_quant.tflite": 0,
  "mobilenet-imagenet/mobilenet_v2_1.0_224_quant.tflite": 0,
  "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite": 0,
  "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite": 0,
  "other-onnx/mobilenet_v2_0.35_128_tfs_channel_first.onnx": 0,
  "other-onnx/mobilenet_v2_128_0.5.onnx": 0,
  "tflm-hello-world/hello_world_float.tflite": 0,
  "tflm-hello-world/hello_world_int8.tflite": 0,
  "tflm-micro-speech/micro_speech_quantized.tflite": 0,
  "tflm-person-detect/person_detect.tflite": 0,
};

/** Operators that files of the corpus gain (+) and lose (−) when they are written again; the others keep each one. */
const changed: Readonly<Record<string, readonly string[]>> = {
  "gesture-magic-wand/model.tflite": ["RESHAPE -1", "TRANSPOSE -1"],
  "gesture-magic-wand/quantized_model.tflite": ["RESHAPE -1", "TRANSPOSE -1"],
  // Integer weights are dequantized here, activations quantized while running there.
  "mlperf-kws-dscnn/kws_ref_model_float32.tflite": ["DEQUANTIZE +5"],
  "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite": ["PAD -13", "TRANSPOSE -1"],
  // The other way round: uint8 borders that are int8 in the graph.
  "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite": ["QUANTIZE -2"],
  // One input channel: a depthwise convolution with a multiplier is a convolution. The dense layer's input is a matrix.
  "tflm-micro-speech/micro_speech_quantized.tflite": ["CONV_2D +1", "DEPTHWISE_CONV_2D -1", "RESHAPE +1"],
  "tflm-person-detect/person_detect.tflite": ["CONV_2D +1", "DEPTHWISE_CONV_2D -1"],
};

const files = present ? readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((file) => /\.(onnx|tflite)$/.test(file)).sort() : [];

const loaded = new Map<string, Result<Graph>>();

/** The canonical graph of a file for one picture at a time; read once. */
function load(file: string): Result<Graph> {
  const result = loaded.get(file) ?? read(file);
  loaded.set(file, result);
  return result;
}

function read(file: string): Result<Graph> {
  const bytes = readFileSync(join(corpus, file));
  const found = file.endsWith(".onnx") ? readOnnx(bytes, { file }) : readTflite(bytes, { file });
  const bound = found.ok ? bindDims(found.value, Object.fromEntries(openDims(found.value).map((name) => [name, 1]))) : found;
  return bound.ok ? canonicalize(bound.value) : bound;
}

function canonical(graph: Graph): Graph {
  const result = canonicalize(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function network(file: string): Graph {
  const result = load(file);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

const operators = (graph: Graph, borders: Borders = "int8"): readonly string[] => written(graph, { borders }).program.operators.map(({ op }) => op);

describe.skipIf(!present)("real models (in the corpus: set EDGEWISE_CORPUS)", () => {
  it("are all written, but for those that no reader takes", () => {
    expect(files.filter((file) => load(file).ok)).toEqual(Object.keys(transposes));
  });

  it.each(Object.entries(transposes))("%s is written with %i transposes", (file, count) => {
    expect(written(network(file)).transposes).toBe(count);
  });

  it.each(Object.keys(transposes).filter((file) => file.endsWith(".tflite")))("%s keeps its operators, written, read and written again", (file) => {
    const once = network(file);
    const again = canonical(reread(written(once).bytes));
    // The file of a uint8 network converts at its borders, which the graph of int8 does not see.
    expect(operators(again)).toEqual(operators(once));
  });

  it.each(Object.keys(transposes).filter((file) => file.endsWith(".tflite")))("%s has the operators that its makers wrote, but for those named", (file) => {
    const described = describeTflite(readFileSync(join(corpus, file)), { file });
    const before = described.ok ? described.value.operators.map(({ op }) => op) : [];
    const after = operators(network(file), "as-computed");
    const count = (list: readonly string[], op: string): number => list.filter((each) => each === op).length;
    const changes = [...new Set([...before, ...after])].map((op) => ({ op, by: count(after, op) - count(before, op) })).filter(({ by }) => by !== 0);
    expect(changes.map(({ op, by }) => `${op} ${by > 0 ? "+" : ""}${by}`).sort()).toEqual(changed[file] ?? []);
  });

  // Those of a million multiplications and more take the interpreter seconds each, for what the others show as well.
  it.each(Object.keys(transposes).filter((file) => !/mobilenet|person|large|_224|_192|_160/.test(file)))("%s answers as before", (file) => {
    const graph = network(file);
    expect(disagreement(bothAnswers(graph, written(graph)))).toBe(0);
  });
});
