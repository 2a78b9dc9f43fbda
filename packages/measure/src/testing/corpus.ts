import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readOnnx } from "@edgewise/formats/onnx";
import { type Graph, type Result, type Tensor, bindDims, openDims } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import type { ImageInput } from "@edgewise/planner/schema";
import { type DataPort, fitPixels, indexDataset, openSamples, pixelsToTensor } from "@edgewise/preprocess";

export const corpus: string = process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus");

/** A labelled input; pictures are decoded when they are asked for. */
export interface Known {
  readonly label: number;
  readonly input: () => Promise<Tensor>;
}

export const rgb: ImageInput = { kind: "image", color: "rgb", layout: "nchw", scale: [1 / 255], offset: [0], resize: { filter: "none", fit: "stretch", crop: null, pad: 0 } };

export function valueOrThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** A model of the corpus as adapters see it: batch 1, after the canonical passes. */
export function model(file: string): Graph {
  const read = valueOrThrow(readOnnx(readFileSync(join(corpus, "models", file)), { file }));
  const bound = valueOrThrow(bindDims(read, Object.fromEntries(openDims(read).map((dim) => [dim, 1]))));
  return valueOrThrow(canonicalize(bound));
}

export function folder(name: string): DataPort {
  const root = join(corpus, "data", name);
  return {
    name,
    list: () => Promise.resolve(readdirSync(root, { recursive: true, encoding: "utf8" }).sort()),
    read: (file) => Promise.resolve(readFileSync(join(root, file))),
  };
}

/** Picture files through the reference preprocessing. */
export async function pictures(port: DataPort, labels: readonly string[], about: { readonly contract: ImageInput; readonly shape: readonly number[] }): Promise<readonly Known[]> {
  const dataset = valueOrThrow(await indexDataset({ port, kind: "image", labels }));
  const reader = openSamples(dataset, port);
  return dataset.samples.map((sample) => ({ label: sample.label ?? -1, input: async () => valueOrThrow(await reader.input(sample, about)) }));
}

/** CIFAR-10's binary records: a label, then planes of red, green, blue. Through the reference from the pixels on. */
export function cifar(file: string): readonly Known[] {
  const contract: ImageInput = { ...rgb, scale: [1] };
  const bytes = readFileSync(join(corpus, "data/cifar10", file));
  return Array.from({ length: bytes.length / 3073 }, (_, i) => {
    const planes = bytes.subarray(3073 * i + 1, 3073 * (i + 1));
    const data = Uint8Array.from({ length: 3072 }, (_, at) => planes[(at % 3) * 1024 + Math.floor(at / 3)] ?? 0);
    return { label: bytes[3073 * i] ?? -1, input: () => Promise.resolve(pixelsToTensor(valueOrThrow(fitPixels({ heightPx: 32, widthPx: 32, channels: 3, data }, { contract, resolution: { heightPx: 32, widthPx: 32 }, file })), contract)) };
  });
}

/** MNIST's test pictures, gray 28 x 28. Through the reference from the pixels on. */
export function mnist(): readonly Known[] {
  const contract: ImageInput = { ...rgb, color: "gray" };
  const images = gunzipSync(readFileSync(join(corpus, "data/mnist/test-images-idx3-ubyte.gz"))).subarray(16);
  const labels = gunzipSync(readFileSync(join(corpus, "data/mnist/test-labels-idx1-ubyte.gz"))).subarray(8);
  return Array.from(labels, (label, i) => ({ label, input: () => Promise.resolve(pixelsToTensor({ heightPx: 28, widthPx: 28, channels: 1, data: images.subarray(784 * i, 784 * (i + 1)) }, contract)) }));
}

/** `count` of them at equal distances, so that sorted class folders are drawn evenly. */
export function evenly<T>(samples: readonly T[], count: number): readonly T[] {
  if (samples.length <= count) return samples;
  return Array.from({ length: count }, (_, i) => samples[Math.floor((i * samples.length) / count)]).filter((sample) => sample !== undefined);
}

/** `evenly`, or all with EDGEWISE_FULL=1. */
export function someOf<T>(samples: readonly T[], count: number): readonly T[] {
  return process.env["EDGEWISE_FULL"] === "1" ? samples : evenly(samples, count);
}
