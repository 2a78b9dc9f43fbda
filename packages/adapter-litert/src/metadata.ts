import { type LoweredTflite, type Normalization, type TensorMetadata, type TfliteMetadata, labelFile } from "@edgewise/formats/tflite";
import type { ImageInput, InputContract, OutputContract, TaskContract } from "@edgewise/planner/schema";

/** The model, at the bundle's root; its Android library takes it from there. */
export const MODEL_FILE = "model.tflite";

/** The labels, inside of the model and beside it. */
export const LABELS_FILE = "labels.txt";

/**
 * The contract as model metadata: what goes in, how it is normalized, what comes out, and its labels.
 *
 *   real = pixel · scale + offset = (pixel − mean) / std,  mean = −offset / scale,  std = 1 / scale
 *
 * The same bytes for the same contract and program: nothing of the plan stands in it.
 * Source: tensorflow.org/lite/models/convert/metadata
 */
export function metadataOf(lowered: LoweredTflite, { input, output }: TaskContract): TfliteMetadata {
  const { program } = lowered;
  const nameOf = (index: number | undefined): string => program.tensors[index ?? -1]?.name ?? "";
  const shape = program.tensors[program.inputs[0] ?? -1]?.shape ?? [];
  return {
    name: program.name, description: output.kind === "labels" ? `Classifies into ${output.labels.length} labels.` : "", version: "1", author: "", license: "",
    inputs: program.inputs.map((index, position) => position === 0 ? inputMetadata(nameOf(index), input, sizeOf(shape, pictureLayout(lowered, input))) : plain(nameOf(index))),
    outputs: program.outputs.map((index, position) => position === 0 ? outputMetadata(nameOf(index), output) : plain(nameOf(index))),
    files: output.kind === "labels" ? { [LABELS_FILE]: labelFile(output.labels) } : {},
  };
}

function plain(name: string): TensorMetadata {
  return { name, description: "", content: { kind: "feature" }, normalization: null, range: null, labels: null };
}

function inputMetadata(name: string, input: InputContract, sizePx: SizePx | null): TensorMetadata {
  const about = { ...plain(name), normalization: normalizationOf(input) };
  if (input.kind === "tensor") return about;
  return { ...about, description: pictureText(input), content: { kind: "image", colorSpace: colorSpaces[input.color], sizePx }, range: rangeOf(input) };
}

/** The format knows no blue first: those pictures are described in words. */
const colorSpaces: Readonly<Record<ImageInput["color"], "RGB" | "GRAYSCALE" | "UNKNOWN">> = { rgb: "RGB", gray: "GRAYSCALE", bgr: "UNKNOWN" };

function pictureText({ color, resize: { filter, fit, crop, pad } }: ImageInput): string {
  const cropped = crop === null ? "" : `middle ${crop.widthPx} x ${crop.heightPx} pixels; `;
  const resized = filter === "none" ? "of the model's size" : `resized by ${filter}, ${fit}${fit === "contain" ? ` on ${pad}` : ""}`;
  return `Picture, channels ${color}; ${cropped}${resized}.`;
}

interface SizePx {
  readonly width: number;
  readonly height: number;
}

/** How a picture lies in the file's input: channels last, unless the network reads it otherwise from its first layer on. */
export function pictureLayout({ inputs }: LoweredTflite, input: InputContract): "nhwc" | "nchw" | "none" {
  if (input.kind !== "image") return "none";
  return inputs[0]?.layout === "nhwc" ? "nhwc" : input.layout;
}

export function sizeOf(shape: readonly number[], layout: "nhwc" | "nchw" | "none"): SizePx | null {
  const [height, width] = layout === "nhwc" ? shape.slice(1, 3) : shape.slice(2, 4);
  return shape.length !== 4 || height === undefined || width === undefined ? null : { width, height };
}

export function normalizationOf({ scale, offset }: InputContract): Normalization {
  const channels = Math.max(scale.length, offset.length);
  const at = (numbers: readonly number[], channel: number): number => numbers[numbers.length === 1 ? 0 : channel] ?? 0;
  return {
    mean: Array.from({ length: channels }, (_, channel) => Math.fround(-at(offset, channel) / at(scale, channel) + 0)),
    std: Array.from({ length: channels }, (_, channel) => Math.fround(1 / at(scale, channel))),
  };
}

/** Least and largest number that a pixel becomes, by channel. */
function rangeOf({ scale, offset }: ImageInput): TensorMetadata["range"] {
  const ends = (pixel: number): readonly number[] => Array.from({ length: Math.max(scale.length, offset.length) }, (_, channel) =>
    pixel * (scale[scale.length === 1 ? 0 : channel] ?? 1) + (offset[offset.length === 1 ? 0 : channel] ?? 0));
  const [black, white] = [ends(0), ends(255)];
  return { min: black.map((value, i) => Math.fround(Math.min(value, white[i] ?? value))), max: black.map((value, i) => Math.fround(Math.max(value, white[i] ?? value))) };
}

function outputMetadata(name: string, output: OutputContract): TensorMetadata {
  if (output.kind === "tensor") return plain(name);
  return {
    ...plain(name), description: output.softmax ? "Scores before a softmax." : "Probabilities.", range: output.softmax ? null : { min: [0], max: [1] },
    // Labels of an axis name each position: a class in front without a name would shift them.
    labels: output.labelOffset === 0 ? { file: LABELS_FILE, of: "axis" } : null,
  };
}
