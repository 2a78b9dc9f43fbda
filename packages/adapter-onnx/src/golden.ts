import { type BundleFile, type EmitInput, type GoldenVector, digest, textFile } from "@edgewise/adapter";
import type { Tensor } from "@edgewise/graph";
import { decodeTensor } from "@edgewise/graph/ops";
import { type Ranked, answer, decodeImage } from "@edgewise/preprocess";
import type { Port, Ports } from "./ports.ts";

/** A larger picture is not shipped decoded; its vector starts at the tensor. */
const MAX_PICTURE_PX = 1_000_000;

/** golden/<name>.json: what enters, and what must come out. */
export interface VectorRecord {
  readonly name: string;
  /** The raw input, as the user holds it. */
  readonly raw: string;
  /** What the self-test starts from: decoded RGBA pixels, raw numbers, or the model's input tensor. */
  readonly start:
    | { readonly kind: "rgba"; readonly file: string; readonly widthPx: number; readonly heightPx: number }
    | { readonly kind: "values"; readonly file: string; readonly type: "float32" | "float64" }
    | { readonly kind: "tensor"; readonly file: string };
  /** sha256 of the model's input: little-endian float32. */
  readonly tensorSha256: string;
  /** The reference interpreter's output, as float32 numbers. */
  readonly output: readonly number[];
  /** What the contract makes of it, best first; null where the task has no labels. */
  readonly answer: readonly Ranked[] | null;
}

export interface Vector {
  readonly record: VectorRecord;
  readonly files: readonly BundleFile[];
}

/** From raw input to answer, in files that people and programs read. */
export function goldenVectors(input: EmitInput, ports: Ports): readonly Vector[] {
  return input.golden.map((golden) => vectorOf(golden, input, ports));
}

export function goldenFiles(vectors: readonly Vector[]): readonly BundleFile[] {
  return vectors.flatMap(({ record, files }) => [...files, textFile(`golden/${record.name}.json`, recordText(record))]);
}

function vectorOf(golden: GoldenVector, { contract }: EmitInput, { input, output }: Ports): Vector {
  const tensor = decodeTensor("float32", output.shape, golden.output);
  const { raw, start, files } = golden.raw.kind === "image" ? pictureStart(golden) : valuesStart(golden, input);
  return {
    files,
    record: {
      name: golden.name, raw, start, tensorSha256: digest(golden.input), output: numbersOf(tensor),
      answer: contract.output.kind === "labels" ? answer(tensor, contract.output) : null,
    },
  };
}

interface Start {
  readonly raw: string;
  readonly start: VectorRecord["start"];
  readonly files: readonly BundleFile[];
}

function pictureStart({ name, raw, input }: GoldenVector): Start {
  const path = `golden/${name}.${raw.bytes[0] === 0xff ? "jpg" : "png"}`;
  const picture = { path, bytes: raw.bytes };
  const decoded = decodeImage(raw.bytes, path);
  if (!decoded.ok || decoded.value.heightPx * decoded.value.widthPx > MAX_PICTURE_PX) {
    const file = `golden/${name}.f32`;
    return { raw: path, start: { kind: "tensor", file }, files: [picture, { path: file, bytes: input }] };
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
function valuesStart({ name, raw }: GoldenVector, port: Port): Start {
  const type = raw.bytes.length === 8 * port.elements ? "float64" : "float32";
  const file = `golden/${name}.${type === "float64" ? "f64" : "f32"}`;
  return { raw: file, start: { kind: "values", file, type }, files: [{ path: file, bytes: raw.bytes }] };
}

function numbersOf({ data }: Tensor): readonly number[] {
  return Array.from(data, Number);
}

/** JSON with one key a line, so that lists of numbers stay on one. */
function recordText(record: VectorRecord): string {
  const lines = Object.entries(record).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(",\n")}\n}`;
}
