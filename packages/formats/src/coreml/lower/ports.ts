import type { Diagnostic, Node, Value } from "@edgewise/graph";
import type { MilDType, MilPort, MilTensorType } from "../mil.ts";
import type { ArrayDType, Feature, Flexibility, SizeRange } from "../model.ts";
import type { DeploymentTarget } from "../target.ts";

/**
 * A picture as input: the app gives pixels of 0 to 255, and the program starts with x · scale + bias for each channel.
 * One number stands for all channels. The value of the graph is [1, C, H, W] or [1, H, W, C].
 */
export interface ImageOptions {
  readonly color: "RGB" | "BGR" | "GRAYSCALE";
  readonly scale: number | readonly number[];
  readonly bias: number | readonly number[];
}

/** Shapes of an input whose named dims stay open; numbers of every dim, as in the graph. The default comes first. */
export type ShapeOptions =
  | { readonly kind: "enumerated"; readonly shapes: readonly (readonly number[])[] }
  | { readonly kind: "range"; readonly ranges: readonly SizeRange[]; readonly shape: readonly number[] };

/** An input of the graph at the door of the program. */
export interface MadeInput {
  readonly port: MilPort<MilTensorType>;
  readonly feature: Feature;
  /** Nodes that the input's form makes needless: transposes of a picture that comes as [N, C, H, W]. */
  readonly skipped: readonly Node[];
}

const arrayTypes: Readonly<Partial<Record<MilDType, ArrayDType>>> = { fp32: "float32", fp16: "float16", int32: "int32" };

/** Element type of an array feature; null for one that an app cannot give or take. */
export function featureDType(dtype: MilDType, target: DeploymentTarget): ArrayDType | null {
  if (dtype === "fp16" && target === "iOS15") return null;
  return arrayTypes[dtype] ?? null;
}

/**
 * Type of a value at the border of the program: float32 stays, whatever is computed with inside, and stands for stored
 * integers of 8 bits too; null for what no feature holds.
 */
export function borderDType({ dtype, quant }: Value): MilDType | null {
  if (quant !== null) return dtype === "int8" || dtype === "uint8" ? "fp32" : null;
  switch (dtype) {
    case "float32": return "fp32";
    case "float16": return "fp16";
    case "int32": case "int64": return "int32";
    default: return null;
  }
}

export function portProblem(code: "COREML_INPUT" | "COREML_OUTPUT" | "COREML_IMAGE" | "COREML_SHAPES" | "COREML_LABELS", id: string, about: Pick<Diagnostic, "summary" | "fix"> & { readonly found?: string; readonly expected?: string }): Diagnostic {
  return { code, severity: "error", subject: { kind: "argument", name: id }, ...about };
}

export function arrayFeature(name: string, about: { readonly dtype: ArrayDType; readonly shape: readonly number[]; readonly flexibility: Flexibility | null }): Feature {
  return { name, description: "", type: { kind: "array", ...about } };
}

/** Why these shapes do not fit a value; null when they do. Dims that vary are named in the graph, others have its number. */
export function shapeProblem(value: Value, options: ShapeOptions): string | null {
  const dims = value.shape ?? [];
  const all = options.kind === "enumerated" ? options.shapes : [options.shape];
  if (all.length === 0) return "no shape";
  const wrong = all.find((shape) => shape.length !== dims.length || shape.some((size, axis) => !(size >= 1) || !Number.isInteger(size) || (typeof dims[axis] === "number" && dims[axis] !== size)));
  if (wrong !== undefined) return `[${wrong.join(", ")}]`;
  if (options.kind === "enumerated") return null;
  const fits = options.ranges.length === dims.length && options.ranges.every(({ low, high }, axis) => {
    const [size, dim] = [options.shape[axis] ?? 0, dims[axis]];
    return low >= 1 && low <= size && (high === null || size <= high) && (typeof dim === "string" || (low === dim && high === dim));
  });
  return fits ? null : options.ranges.map(({ low, high }) => `${low}..${high ?? ""}`).join(", ");
}

/** The shape that stands for all. */
export function defaultShape(options: ShapeOptions): readonly number[] {
  return options.kind === "enumerated" ? options.shapes[0] ?? [] : options.shape;
}

/** As the model states it; `axes` picks the dims that vary (those of an image: height and width). */
export function flexibilityOf(options: ShapeOptions | undefined, axes: readonly number[]): Flexibility | null {
  if (options === undefined) return null;
  if (options.kind === "enumerated") return { kind: "enumerated", shapes: options.shapes.map((shape) => axes.map((axis) => shape[axis] ?? 1)) };
  return { kind: "range", ranges: axes.map((axis) => options.ranges[axis] ?? { low: 1, high: 1 }) };
}
