import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readOnnx } from "@edgewise/formats/onnx";
import { type Graph, bindDims, openDims } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import type { ImageInput } from "@edgewise/planner/schema";
import { valueOrThrow } from "./emit-case.ts";
import { pngOf } from "./example-picture.ts";

/** Folder of real models and data: EDGEWISE_CORPUS, else beside the repository. Nothing of it is copied. */
export const corpus: string = process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus");

const rgb: ImageInput = { kind: "image", color: "rgb", layout: "nchw", scale: [1 / 255], offset: [0], resize: { filter: "none", fit: "stretch", crop: null, pad: 0 } };

export interface RealModel {
  readonly name: string;
  readonly file: string;
  readonly input: ImageInput;
  readonly classes: number;
  /** PNG or JPEG files, evenly drawn. */
  readonly pictures: (count: number) => readonly Uint8Array[];
}

function evenly<T>(all: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

function files(folder: string): RealModel["pictures"] {
  return (count) => {
    const names = readdirSync(join(corpus, "data", folder), { recursive: true, encoding: "utf8" }).filter((name) => /\.(png|jpe?g)$/.test(name)).sort();
    return evenly(names, count).map((name) => new Uint8Array(readFileSync(join(corpus, "data", folder, name))));
  };
}

const digits: RealModel["pictures"] = (count) => {
  const images = gunzipSync(readFileSync(join(corpus, "data/mnist/test-images-idx3-ubyte.gz"))).subarray(16);
  return evenly(Array.from({ length: images.length / 784 }, (_, i) => i), count).map((i) => pngOf({ widthPx: 28, heightPx: 28, data: Uint8Array.from({ length: 3 * 784 }, (_, at) => images[784 * i + Math.floor(at / 3)]!) }));
};

const cifar: RealModel["pictures"] = (count) => {
  const bytes = readFileSync(join(corpus, "data/cifar10/cifar10-test-lossless.bin"));
  return evenly(Array.from({ length: bytes.length / 3073 }, (_, i) => i), count).map((i) => pngOf({ widthPx: 32, heightPx: 32, data: Uint8Array.from({ length: 3072 }, (_, at) => bytes[3073 * i + 1 + (at % 3) * 1024 + Math.floor(at / 3)]!) }));
};

export const realModels: readonly RealModel[] = [
  { name: "MNIST CNN", file: "mnist-cnn/mnist_cntk.onnx", input: { ...rgb, color: "gray" }, classes: 10, pictures: digits },
  { name: "ResNet8", file: "mlperf-ic-resnet8/pretrainedResnet.onnx", input: { ...rgb, scale: [1], layout: "nhwc" }, classes: 10, pictures: cifar },
  { name: "visual wake words", file: "mlperf-vww-mobilenetv1/vww_96_float.onnx", input: rgb, classes: 2, pictures: files("vww96") },
  {
    name: "MobileNetV1 0.25/224", file: "mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx", classes: 1000, pictures: files("imagenet-sample"),
    input: { ...rgb, scale: [1 / 127.5], offset: [-1], resize: { ...rgb.resize, crop: { heightPx: 224, widthPx: 224 } } },
  },
];

/** Batch 1, after the canonical passes. */
export function realGraph({ file }: RealModel): Graph {
  const read = valueOrThrow(readOnnx(new Uint8Array(readFileSync(join(corpus, "models", file))), { file }));
  return valueOrThrow(canonicalize(valueOrThrow(bindDims(read, Object.fromEntries(openDims(read).map((dim) => [dim, 1]))))));
}
