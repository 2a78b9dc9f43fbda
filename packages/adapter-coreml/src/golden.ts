import { type BundleFile, type EmitInput, type GoldenVector, textFile } from "@edgewise/adapter";
import { invariant } from "@edgewise/graph";
import { decodeTensor } from "@edgewise/graph/ops";
import type { ImageInput } from "@edgewise/planner/schema";
import { type Ranked, answer, decodeImage, fitPixels } from "@edgewise/preprocess";
import { type Tolerance, allowedDifferences } from "@edgewise/quantizer";
import type { Port, Ports } from "./ports.ts";

/** A larger picture is not shipped decoded; its vector starts at the pixels that the model sees. */
const MAX_PICTURE_PX = 1_000_000;

/** golden/<name>.json, file names relative to golden/: what enters, and what must come out. */
export interface VectorRecord {
  readonly name: string;
  /** The raw input, as the user holds it. */
  readonly raw: string;
  /** What the self-test starts from: decoded RGBA pixels, the pixels that the model sees, or raw numbers. */
  readonly start:
    | { readonly kind: "rgba" | "pixels"; readonly file: string; readonly widthPx: number; readonly heightPx: number }
    | { readonly kind: "values"; readonly file: string; readonly type: "float32" | "float64" };
  /** FNV-1a, 64 bits, of what the model is fed: 8-bit pixels [H, W, C] of a picture, else the tensor as little-endian float32. */
  readonly inputFnv1a: string;
  /** The reference interpreter's output, as float32 numbers. */
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
export function goldenVectors(input: EmitInput, about: { readonly ports: Ports; readonly tolerance: Tolerance }): readonly Vector[] {
  return input.golden.map((golden) => vectorOf(golden, input, about));
}

/** Their files, in the folder golden/ below `folder`. */
export function goldenFiles(vectors: readonly Vector[], folder: string): readonly BundleFile[] {
  return vectors.flatMap(({ record, files }) => [
    ...files.map(({ path, bytes }) => ({ path: `${folder}/golden/${path}`, bytes })),
    textFile(`${folder}/golden/${record.name}.json`, recordText(record)),
  ]);
}

function vectorOf(golden: GoldenVector, { contract }: EmitInput, { ports: { input, output }, tolerance }: { readonly ports: Ports; readonly tolerance: Tolerance }): Vector {
  const tensor = decodeTensor("float32", output.shape, golden.output);
  const { raw, start, fed, files } = contract.input.kind === "image" ? pictureStart(golden, { contract: contract.input, ...sizeOf(contract.input, input) }) : valuesStart(golden, input);
  const numbers = Array.from(tensor.data, Number);
  return {
    files,
    record: {
      name: golden.name, raw, start, inputFnv1a: fnv1a(fed), output: numbers, allowed: allowedDifferences(numbers, tolerance),
      answer: contract.output.kind === "labels" ? answer(tensor, contract.output) : null,
    },
  };
}

interface Start {
  readonly raw: string;
  readonly start: VectorRecord["start"];
  /** The bytes that the model is fed. */
  readonly fed: Uint8Array;
  readonly files: readonly BundleFile[];
}

interface PictureTask {
  readonly contract: ImageInput;
  readonly heightPx: number;
  readonly widthPx: number;
}

function sizeOf({ layout }: ImageInput, { shape: [, a = 1, b = 1, c = 1] }: Port): { readonly heightPx: number; readonly widthPx: number } {
  return layout === "nchw" ? { heightPx: b, widthPx: c } : { heightPx: a, widthPx: b };
}

function pictureStart({ name, raw }: GoldenVector, { contract, heightPx, widthPx }: PictureTask): Start {
  const path = `${name}.${raw.bytes[0] === 0xff ? "jpg" : "png"}`;
  const picture = { path, bytes: raw.bytes };
  const decoded = decodeImage(raw.bytes, path);
  invariant(decoded.ok, `${path} was decoded when its answer was computed`);
  const pixels = fitPixels(decoded.value, { contract, resolution: { heightPx, widthPx }, file: path });
  invariant(pixels.ok, `${path} was fitted when its answer was computed`);
  const { data } = pixels.value;
  if (decoded.value.heightPx * decoded.value.widthPx > MAX_PICTURE_PX) {
    const file = `${name}.pixels`;
    return { raw: path, start: { kind: "pixels", file, heightPx, widthPx }, fed: data, files: [picture, { path: file, bytes: data }] };
  }
  const file = `${name}.rgba`;
  const { heightPx: fullHeightPx, widthPx: fullWidthPx } = decoded.value;
  return { raw: path, start: { kind: "rgba", file, widthPx: fullWidthPx, heightPx: fullHeightPx }, fed: data, files: [picture, { path: file, bytes: opaque(decoded.value.data) }] };
}

/** Red, green, blue → red, green, blue, 255. */
function opaque(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(rgb.length / 3 * 4).fill(255);
  for (let i = 0; i < rgb.length; i++) rgba[4 * Math.floor(i / 3) + i % 3] = rgb[i] ?? 0;
  return rgba;
}

/** Raw rows are float64 or float32, told apart by their length. */
function valuesStart({ name, raw, input }: GoldenVector, port: Port): Start {
  const type = raw.bytes.length === 8 * port.elements ? "float64" : "float32";
  const file = `${name}.${type === "float64" ? "f64" : "f32"}`;
  return { raw: file, start: { kind: "values", file, type }, fed: input, files: [{ path: file, bytes: raw.bytes }] };
}

/** 16 hexadecimal digits. Source: datatracker.ietf.org/doc/html/draft-eastlake-fnv */
export function fnv1a(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** JSON with one key a line, so that lists of numbers stay on one. */
function recordText(record: VectorRecord): string {
  const lines = Object.entries(record).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(",\n")}\n}`;
}
