import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Graph, type Tensor, valueOf } from "@edgewise/graph";
import { storedOf } from "@edgewise/graph/ops";
import type { ImageInput } from "@edgewise/planner/schema";
import { type Known, cifar, corpus, folder, mnist, pictures, rgb } from "./corpus.ts";

/** An int8 network of the corpus with labelled inputs, and what the corpus' index says of it. */
export interface LabelledNet {
  readonly file: string;
  readonly set: string;
  readonly inputs: () => Promise<readonly Known[]>;
  /** Right answers on all inputs, as TensorFlow Lite with XNNPACK (onnxruntime for .onnx) gave them when the corpus was made. */
  readonly published: number;
  /** Inputs that are counted here, evenly spread; null: all. Networks of hundreds of millions of products take minutes for all. */
  readonly counted: number | null;
  /**
   * Right answers of the reference arithmetic on these. TensorFlow Lite's own reference kernels give 506 on vww96, too:
   * XNNPACK, behind the published 508, rounds in another way.
   */
  readonly correct: number;
}

function data(path: string): Buffer {
  return readFileSync(join(corpus, "data", path));
}

const KWS_FEATURES = 490;
const KWS_QUANT = { kind: "affine", scale: [0.5847029089927673], zeroPoint: [83], axis: null } as const;

/** Features of speech as the MLPerf Tiny set keeps them, int8 in the scale of its reference model; made real here. */
function speech(): Promise<readonly Known[]> {
  const features = data("kws01-mfcc/features-int8-Nx49x10.bin");
  const rows = data("kws01-mfcc/labels.csv").toString("utf8").trim().split(/\r?\n/).slice(1);
  return Promise.resolve(rows.map((row, i) => {
    const stored = new Int8Array(features.subarray(KWS_FEATURES * i, KWS_FEATURES * (i + 1)));
    const real = Float32Array.from(stored, (q) => KWS_QUANT.scale[0] * (q - KWS_QUANT.zeroPoint[0]));
    return { label: Number(row.split(",")[2]), input: () => Promise.resolve({ dtype: "float32", shape: [1, 1, 49, 10], data: real }) };
  }));
}

const GESTURES = ["AlohomoraCharm", "ArrestoMomentumCharm", "AvadaKedavra", "LocomotorCharm", "Revelio"] as const;
const GESTURE_ROWS = 119;

/** Windows of 119 rows: acceleration (v + 4) / 8, rotation (v + 2000) / 4000. */
function gestures(part: "test" | "train"): readonly Known[] {
  return GESTURES.flatMap((name, label) => {
    const rows = data(`magic-wand/${part}/${name}.csv`).toString("utf8").trim().split(/\r?\n/).slice(1)
      .map((row) => row.split(",").map((text, axis) => axis < 3 ? (Number(text) + 4) / 8 : (Number(text) + 2000) / 4000));
    return Array.from({ length: Math.floor(rows.length / GESTURE_ROWS) }, (_, i): Known => {
      const window = rows.slice(GESTURE_ROWS * i, GESTURE_ROWS * (i + 1)).flat();
      return { label, input: () => Promise.resolve({ dtype: "float32", shape: [1, GESTURE_ROWS, 6], data: Float32Array.from(window) }) };
    });
  });
}

const persons = (): Promise<readonly Known[]> => pictures(folder("vww96"), ["no_person", "person"], { contract: rgb, shape: [1, 3, 96, 96] });

interface Sight {
  readonly sidePx: number;
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** Classes in front of the first label. */
  readonly before: number;
}

/** The 224 centre pixels of a picture of ImageNet, made smaller where the network is. */
async function imagenet({ sidePx, scale, offset, before }: Sight): Promise<readonly Known[]> {
  const contract: ImageInput = { ...rgb, scale, offset, resize: { filter: sidePx === 224 ? "none" : "bilinear", fit: "stretch", crop: { heightPx: 224, widthPx: 224 }, pad: 0 } };
  const labels = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
  const known = await pictures(folder("imagenet-sample"), labels, { contract, shape: [1, 3, sidePx, sidePx] });
  return known.map(({ label, input }) => ({ label: label + before, input }));
}

/** RGB x / 127.5 - 1, and class 0 for the background. */
const coral = (sidePx: number) => (): Promise<readonly Known[]> => imagenet({ sidePx, scale: [1 / 127.5], offset: [-1], before: 1 });

const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
const normalized = (): Promise<readonly Known[]> => imagenet({ sidePx: 224, scale: DEVIATION.map((d) => 1 / (255 * d)), offset: MEAN.map((mean, i) => -mean / (DEVIATION[i] ?? 1)), before: 0 });

const small = (): Promise<readonly Known[]> => Promise.resolve(cifar("cifar10-test-lossless.bin"));

export const labelledNets: readonly LabelledNet[] = [
  { file: "mlperf-kws-dscnn/kws_ref_model_int8.tflite", set: "kws01-mfcc", inputs: speech, published: 638, counted: null, correct: 638 },
  { file: "mlperf-kws-dscnn/kws_ref_model_qdq.onnx", set: "kws01-mfcc", inputs: speech, published: 634, counted: null, correct: 634 },
  { file: "mlperf-ic-resnet8/pretrainedResnet_int8.tflite", set: "cifar10-lossless", inputs: small, published: 271, counted: null, correct: 271 },
  { file: "mlperf-ic-resnet8/resnet_qdq.onnx", set: "cifar10-lossless", inputs: small, published: 271, counted: null, correct: 271 },
  { file: "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite", set: "cifar10-lossless", inputs: small, published: 273, counted: null, correct: 273 },
  { file: "mlperf-vww-mobilenetv1/vww_96_int8.tflite", set: "vww96", inputs: persons, published: 508, counted: null, correct: 506 },
  { file: "mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx", set: "vww96", inputs: persons, published: 504, counted: null, correct: 504 },
  { file: "gesture-magic-wand/quantized_model.tflite", set: "magic-wand test", inputs: () => Promise.resolve(gestures("test")), published: 22, counted: null, correct: 22 },
  { file: "gesture-magic-wand/quantized_model.tflite", set: "magic-wand train", inputs: () => Promise.resolve(gestures("train")), published: 93, counted: null, correct: 93 },
  { file: "mnist-cnn/conv_fc_mnist_srq_a8w8.tflite", set: "mnist", inputs: () => Promise.resolve(mnist()), published: 4323, counted: null, correct: 4323 },
  { file: "mobilenet-imagenet/mobilenet_v1_0.25_128_quant.tflite", set: "imagenet-sample", inputs: coral(128), published: 260, counted: 300, correct: 144 },
  { file: "mobilenet-imagenet/mobilenet_v1_0.5_160_quant.tflite", set: "imagenet-sample", inputs: coral(160), published: 403, counted: 100, correct: 75 },
  { file: "mobilenet-imagenet/mobilenet_v1_0.75_192_quant.tflite", set: "imagenet-sample", inputs: coral(192), published: 462, counted: 50, correct: 40 },
  { file: "mobilenet-imagenet/mobilenet_v2_1.0_224_quant.tflite", set: "imagenet-sample", inputs: coral(224), published: 519, counted: 50, correct: 39 },
  { file: "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite", set: "imagenet-sample", inputs: normalized, published: 452, counted: 50, correct: 36 },
  { file: "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite", set: "imagenet-sample", inputs: coral(224), published: 521, counted: 50, correct: 42 },
];

/** A real input [1, C, H, W] (or without a picture's axes) as a graph takes it: in its shape and order, stored where it is int8. */
export function feedOf(graph: Graph, real: Tensor): ReadonlyMap<string, Tensor> {
  const [id = ""] = graph.inputs;
  const { dtype, quant, shape: dims } = valueOf(graph, id);
  const shape = (dims ?? []).map(Number);
  const ordered = channelsLast(real, shape) ? nhwc(real) : Array.from(real.data as Float32Array);
  if (dtype !== "int8" || quant === null) return new Map([[id, { dtype: "float32", shape, data: Float32Array.from(ordered) }]]);
  return new Map([[id, { dtype: "int8", shape, data: Int8Array.from(ordered, (x) => storedOf(x, quant)) }]]);
}

function channelsLast({ shape: [, channels, height, width, ...rest] }: Tensor, shape: readonly number[]): boolean {
  return width !== undefined && rest.length === 0 && channels !== 1 && shape.length === 4 && shape[1] === height && shape[2] === width && shape[3] === channels;
}

function nhwc({ shape: [, channels = 1, height = 1, width = 1], data: planes }: Tensor): readonly number[] {
  return Array.from({ length: planes.length }, (_, i) => Number(planes[(i % channels) * height * width + Math.floor(i / channels)]));
}
