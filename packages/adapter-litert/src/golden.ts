import { type BundleFile, type EmitInput, type GoldenVector, digest, textFile } from "@edgewise/adapter";
import type { LoweredTflite } from "@edgewise/formats/tflite";
import { type Tensor, elementCount, valueOf } from "@edgewise/graph";
import { decodeTensor, encodeTensor } from "@edgewise/graph/ops";
import { type Ranked, answer, decodeImage } from "@edgewise/preprocess";
import { type Tolerance, allowedDifferences } from "@edgewise/quantizer";
import { asInput, asOutput } from "./turn.ts";

/** A larger picture is not shipped decoded; its vector starts at the tensor. */
const MAX_PICTURE_PX = 1_000_000;

/** golden/<name>.json: what enters, and what must come out. */
export interface VectorRecord {
  readonly name: string;
  /** The raw input, as the user holds it. */
  readonly raw: string;
  /** What the self-test starts from: decoded RGBA pixels, raw numbers, or the model's input tensor in its own type and layout. */
  readonly start:
    | { readonly kind: "rgba"; readonly file: string; readonly widthPx: number; readonly heightPx: number }
    | { readonly kind: "values"; readonly file: string; readonly type: "float32" | "float64" }
    | { readonly kind: "tensor"; readonly file: string };
  /** sha256 of the model's input, little-endian, in the file's own type and layout. */
  readonly tensorSha256: string;
  /** The reference interpreter's output as real numbers, in the file's layout. */
  readonly output: readonly number[];
  /** By how much each output may differ from it. */
  readonly allowed: readonly number[];
  /** What the contract makes of it, best first; null where the task has no labels. */
  readonly answer: readonly Ranked[] | null;
}

export interface Vector {
  readonly record: VectorRecord;
  readonly files: readonly BundleFile[];
}

/** From raw input to answer, in files that people and programs read. */
export function goldenVectors(input: EmitInput, about: { readonly lowered: LoweredTflite; readonly tolerance: Tolerance }): readonly Vector[] {
  return input.golden.map((golden) => vectorOf(golden, input, about));
}

export function goldenFiles(vectors: readonly Vector[]): readonly BundleFile[] {
  return vectors.flatMap(({ record, files }) => [...files, textFile(`golden/${record.name}.json`, recordText(record))]);
}

function vectorOf(golden: GoldenVector, { graph, contract }: EmitInput, { lowered, tolerance }: { readonly lowered: LoweredTflite; readonly tolerance: Tolerance }): Vector {
  const tensor = encodeTensor(asInput(lowered, portTensor(graph, { id: graph.inputs[0] ?? "", bytes: golden.input })));
  const output = portTensor(graph, { id: graph.outputs[0] ?? "", bytes: golden.output });
  const numbers = realsOf(graph, asOutput(lowered, output));
  const { raw, start, files } = golden.raw.kind === "image" ? pictureStart(golden, tensor) : valuesStart(golden, tensorElements(graph));
  return {
    files,
    record: {
      name: golden.name, raw, start, tensorSha256: digest(tensor), output: numbers, allowed: allowedDifferences(numbers, tolerance),
      answer: contract.output.kind === "labels" ? answer({ dtype: "float32", shape: output.shape, data: Float32Array.from(realsOf(graph, output)) }, contract.output) : null,
    },
  };
}

function portTensor(graph: EmitInput["graph"], { id, bytes }: { readonly id: string; readonly bytes: Uint8Array }): Tensor {
  const { dtype, shape } = valueOf(graph, id);
  return decodeTensor(dtype, (shape ?? []).map(Number), bytes);
}

/** Stored integers as the real numbers they stand for. */
function realsOf(graph: EmitInput["graph"], { data }: Tensor): readonly number[] {
  const quant = valueOf(graph, graph.outputs[0] ?? "").quant;
  const [scale, zero] = [quant?.scale[0] ?? 1, quant?.zeroPoint[0] ?? 0];
  return Array.from(data, (stored: number | bigint) => (quant === null ? Number(stored) : Math.fround(scale * (Number(stored) - zero))));
}

interface Start {
  readonly raw: string;
  readonly start: VectorRecord["start"];
  readonly files: readonly BundleFile[];
}

function pictureStart({ name, raw }: GoldenVector, tensor: Uint8Array): Start {
  const path = `golden/${name}.${raw.bytes[0] === 0xff ? "jpg" : "png"}`;
  const picture = { path, bytes: raw.bytes };
  const decoded = decodeImage(raw.bytes, path);
  if (!decoded.ok || decoded.value.heightPx * decoded.value.widthPx > MAX_PICTURE_PX) {
    const file = `golden/${name}.tensor`;
    return { raw: path, start: { kind: "tensor", file }, files: [picture, { path: file, bytes: tensor }] };
  }
  const { heightPx, widthPx, data } = decoded.value;
  const file = `golden/${name}.rgba`;
  return { raw: path, start: { kind: "rgba", file, widthPx, heightPx }, files: [picture, { path: file, bytes: opaque(data) }] };
}

/** Red, green, blue → red, green, blue, 255. */
function opaque(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(rgb.length / 3 * 4).fill(255);
  for (let i = 0; i < rgb.length; i++) rgba[4 * Math.floor(i / 3) + i % 3] = rgb[i] ?? 0;
  return rgba;
}

/** Raw rows are float64 or float32, told apart by their length. */
function valuesStart({ name, raw }: GoldenVector, elements: number): Start {
  const type = raw.bytes.length === 8 * elements ? "float64" : "float32";
  const file = `golden/${name}.${type === "float64" ? "f64" : "f32"}`;
  return { raw: file, start: { kind: "values", file, type }, files: [{ path: file, bytes: raw.bytes }] };
}

function tensorElements(graph: EmitInput["graph"]): number {
  return elementCount((valueOf(graph, graph.inputs[0] ?? "").shape ?? []).map(Number));
}

/** JSON with one key a line, so that lists of numbers stay on one. */
function recordText(record: VectorRecord): string {
  const lines = Object.entries(record).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(",\n")}\n}`;
}
