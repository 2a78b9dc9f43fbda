import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Graph, type Tensor, bindDims, elementCount, interpret, openDims, propagateShapes, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOnnx } from "../onnx/read.ts";
import { readTflite } from "./read.ts";

const corpus = join(process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus"), "models");
const present = existsSync(corpus);

/** Custom operators of the audio front end of TensorFlow Lite Micro. */
const signalOperators: readonly string[] = [
  "SignalEnergy", "SignalFftAutoScale", "SignalFilterBank", "SignalFilterBankLog", "SignalFilterBankSpectralSubtraction",
  "SignalFilterBankSquareRoot", "SignalPCAN", "SignalRfft", "SignalWindow",
].map((name) => `${name}, 1 time`);

/** What the files need that the vocabulary does not have; every other file of the corpus is read. */
const refused: Readonly<Record<string, readonly string[]>> = {
  "segmentation/deeplabv3_mnv2_dm05_pascal_quant.tflite": ["ARG_MAX, 1 time"],
  "tflm-micro-speech/audio_preprocessor_float.tflite": signalOperators,
  "tflm-micro-speech/audio_preprocessor_int8.tflite": signalOperators,
};

/** Transposes that are left: one, of the picture as it comes in, or none where the model takes none or has one channel. */
const transposes: Readonly<Record<string, number>> = {
  "audio-event/miniresnet_1stacks_64x50_tl_int8.tflite": 0,
  "gesture-magic-wand/model.tflite": 1,
  "gesture-magic-wand/quantized_model.tflite": 1,
  "mlperf-ad-autoencoder/ad01_fp32.tflite": 0,
  "mlperf-ad-autoencoder/ad01_int8.tflite": 0,
  "mlperf-ic-resnet8/pretrainedResnet_float.tflite": 1,
  "mlperf-ic-resnet8/pretrainedResnet_int8.tflite": 1,
  "mlperf-ic-resnet8/pretrainedResnet_large_float.tflite": 1,
  "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite": 1,
  "mlperf-kws-dscnn/kws_ref_model_float32.tflite": 1,
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite": 1,
  "mlperf-vww-mobilenetv1/vww_96_float.tflite": 1,
  "mlperf-vww-mobilenetv1/vww_96_int8.tflite": 1,
  "mnist-cnn/conv_fc_mnist_float.tflite": 1,
  "mnist-cnn/conv_fc_mnist_srq_a8w8.tflite": 1,
  "mnist-cnn/mnist_quantized_weights_only.tflite": 1,
  "mobilenet-imagenet/mobilenet_v1_0.25_128_quant.tflite": 1,
  "mobilenet-imagenet/mobilenet_v1_0.5_160_quant.tflite": 1,
  "mobilenet-imagenet/mobilenet_v1_0.75_192_quant.tflite": 1,
  "mobilenet-imagenet/mobilenet_v2_1.0_224_quant.tflite": 1,
  "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite": 0,
  "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite": 1,
  "tflm-hello-world/hello_world_float.tflite": 0,
  "tflm-hello-world/hello_world_int8.tflite": 0,
  "tflm-micro-speech/micro_speech_quantized.tflite": 0,
  "tflm-person-detect/person_detect.tflite": 1,
};

const files = present ? readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tflite")).sort() : [];

function load(file: string): Graph {
  const result = readTflite(readFileSync(join(corpus, file)), { file });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function canonical(graph: Graph): Graph {
  const result = canonicalize(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** Numbers between 0 and 1 for floats, all stored numbers for int8; the same on every run. */
function feedsOf(graph: Graph): ReadonlyMap<string, Tensor> {
  return new Map(graph.inputs.map((id): [string, Tensor] => {
    const { dtype, shape } = valueOf(graph, id);
    const dims = (shape ?? []).map(Number);
    const data = Array.from({ length: elementCount(dims) }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.7));
    return [id, { dtype, shape: dims, data: dtype === "int8" ? Int8Array.from(data, (x) => Math.round(255 * x) - 128) : Float32Array.from(data) }];
  }));
}

/** Sums of float32 products in another order, over up to 31 layers, relative to the largest output. */
const TOLERANCE = 1e-5;

function largestDifference(found: readonly number[], wanted: readonly number[]): number {
  expect(found.length).toBe(wanted.length);
  return Math.max(...wanted.map((value, i) => Math.abs(value - (found[i] ?? NaN)))) / Math.max(1, ...wanted.map(Math.abs));
}

describe.skipIf(!present)("real models (in the corpus: set EDGEWISE_CORPUS)", () => {
  it("are all accounted for: 26 are read, 3 refused", () => {
    expect([...Object.keys(transposes), ...Object.keys(refused)].sort()).toEqual(files);
    expect([Object.keys(transposes).length, Object.keys(refused).length]).toEqual([26, 3]);
  });

  it.each(Object.entries(refused))("%s is refused for %j, and nothing else", (file, reasons) => {
    const result = readTflite(readFileSync(join(corpus, file)), { file });
    const errors = result.ok ? [] : result.errors;
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["OP_UNSUPPORTED"]));
    expect(errors.map(({ found }) => found).sort()).toEqual(reasons);
  });

  it.each(Object.entries(transposes))("%s states its shapes as they are inferred, and keeps %i transposes", (file, count) => {
    const graph = load(file);
    expect(propagateShapes(graph).ok).toBe(true);
    const left = canonical(graph).nodes.filter(({ op }) => op === "Transpose");
    expect(left.length).toBe(count);
  });

  // Those of a million pixels and more take the interpreter a second each, for what the others show as well.
  it.each(Object.keys(transposes).filter((file) => !/mobilenet_v2|192|160/.test(file)))("%s answers the same as read and canonical", (file) => {
    const graph = load(file);
    const [before, after] = [graph, canonical(graph)].map((form) => [...interpret(form, feedsOf(form)).values()].flatMap(({ data }) => Array.from(data, Number)));
    const float = [...graph.values.values()].every(({ quant, constant }) => quant === null || constant !== null);
    if (float) expect(largestDifference(after ?? [], before ?? [])).toBeLessThan(TOLERANCE);
    else expect(after).toEqual(before);
  });

  it.each(["tflm-hello-world/hello_world_int8.tflite", "gesture-magic-wand/quantized_model.tflite", "mlperf-kws-dscnn/kws_ref_model_int8.tflite"])("%s with bytes changed, or cut off, is a graph or diagnostics", (file) => {
    const bytes = readFileSync(join(corpus, file));
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 4), fc.oneof(fc.nat(bytes.length), fc.nat(0xffffffff), fc.constantFrom(0, 1, 0x7fffffff, 0xffffffff))), { maxLength: 6 });
    fc.assert(fc.property(edits, fc.integer({ min: -bytes.length, max: 8 * bytes.length }), (changes, end) => {
      const changed = Uint8Array.from(end < 0 ? bytes.subarray(0, -end) : bytes);
      for (const [at, value] of changes) if (at + 4 <= changed.length) new DataView(changed.buffer).setUint32(at, value, true);
      const result = readTflite(changed, { file });
      if (result.ok) canonicalize(result.value);
      else expect(result.errors.length).toBeGreaterThan(0);
    }), { numRuns: 300, seed: 3 });
  });

  /** Exported twice by their makers, from the same weights: for TensorFlow Lite, and for ONNX with the channels first. */
  it.each([
    ["mlperf-ic-resnet8/pretrainedResnet_float.tflite", "mlperf-ic-resnet8/pretrainedResnet.onnx"],
    ["mlperf-vww-mobilenetv1/vww_96_float.tflite", "mlperf-vww-mobilenetv1/vww_96_float.onnx"],
  ])("%s answers as its twin %s", (file, twin) => {
    const [found, wanted] = [load(file), loadTwin(twin)].map((form, which) => {
      const picture = [...feedsOf(load(file)).values()].map((tensor): [string, Tensor] => [form.inputs[0] ?? "", which === 0 ? tensor : channelsFirst(tensor)]);
      return [...interpret(form, new Map(picture)).values()].flatMap(({ data }) => Array.from(data, Number));
    });
    expect(largestDifference(found ?? [], wanted ?? [])).toBeLessThan(TOLERANCE);
  });
});

function loadTwin(file: string): Graph {
  const read = readOnnx(readFileSync(join(corpus, file)), { file });
  const bound = read.ok ? bindDims(read.value, Object.fromEntries(openDims(read.value).map((name) => [name, 1]))) : read;
  if (!bound.ok) throw new Error(JSON.stringify(bound.errors));
  return bound.value;
}

function channelsFirst({ dtype, shape, data }: Tensor): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const turned = Float32Array.from({ length: data.length }, (_, i) => Number(data[(i % (height * width)) * channels + Math.floor(i / (height * width))]));
  return { dtype, shape: [batch, channels, height, width], data: turned };
}
