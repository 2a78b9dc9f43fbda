import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readOnnx } from "@edgewise/formats/onnx";
import type { Graph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { valueOrThrow } from "./quantized-case.ts";

/** Folder of real models and data: EDGEWISE_CORPUS, else beside the repository. Tests only; nothing of it is copied. */
export const corpus: string = process.env["EDGEWISE_CORPUS"] ?? fileURLToPath(new URL("../../../../../shared/corpus", import.meta.url));

export const corpusPresent: boolean = existsSync(`${corpus}/INDEX.md`);

export async function corpusGraph(path: string): Promise<Graph> {
  const read = valueOrThrow(await readOnnx(new Uint8Array(readFileSync(`${corpus}/models/${path}`)), { file: path }));
  return valueOrThrow(canonicalize(read));
}

/** CIFAR-10 test pictures as float32 planes 0..255: records of one label byte and 3072 bytes. */
export function cifarPictures(count: number): readonly Float32Array[] {
  const bytes = readFileSync(`${corpus}/data/cifar10/cifar10-test-lossless.bin`);
  return Array.from({ length: count }, (_, i) => Float32Array.from(bytes.subarray(3073 * i + 1, 3073 * (i + 1))));
}
