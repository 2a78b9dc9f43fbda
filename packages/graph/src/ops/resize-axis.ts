import type { Attrs } from "../graph.ts";
import { OpError } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { wholeAttr, wholesAttr, wordAttr } from "./attribute.ts";
import { axisFrom, wholesOf } from "./parameter.ts";

/** Where a resized element lies in the picture it comes from. */
export type Coordinates = "half_pixel" | "half_pixel_symmetric" | "pytorch_half_pixel" | "align_corners" | "asymmetric";
/** How a position between elements is rounded to one. */
export type NearestMode = "round_prefer_floor" | "round_prefer_ceil" | "floor" | "ceil";

/** The attributes of a Resize. */
export interface ResizeForm {
  readonly mode: "nearest" | "linear";
  readonly coordinates: Coordinates;
  readonly nearest: NearestMode;
  readonly policy: "stretch" | "not_larger" | "not_smaller";
}

/** Reads the attributes; OP_ATTRIBUTE for what is not defined here: mode cubic, antialias, tf_crop_and_resize. */
export function resizeForm(attrs: Attrs): ResizeForm {
  if (wholeAttr(attrs, "antialias", 0) !== 0) throw new OpError("OP_ATTRIBUTE", "antialias is not supported");
  return {
    mode: wordAttr(attrs, "mode", ["nearest", "linear"]),
    coordinates: wordAttr(attrs, "coordinate_transformation_mode", ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric"]),
    nearest: wordAttr(attrs, "nearest_mode", ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]),
    policy: wordAttr(attrs, "keep_aspect_ratio_policy", ["stretch", "not_larger", "not_smaller"]),
  };
}

/** The axes that `scales` or `sizes` speak of, from the front. */
export function resizedAxes(attrs: Attrs, rank: number): readonly number[] {
  return wholesAttr(attrs, "axes")?.map((axis) => axisFrom(axis, rank)) ?? Array.from({ length: rank }, (_, axis) => axis);
}

/** One axis of a resize: elements before and after, and elements after for each before. */
export interface ResizeAxis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

/** A scale is a float32 number. */
const SCALE_ROUNDING = 2 ** -23;

/** Whether the scale is that of the sizes, and no part of an element was cut off. */
export function isExact({ input, output, scale }: ResizeAxis): boolean {
  return Math.abs(input * scale - output) <= output * SCALE_ROUNDING;
}

/** What decides the sizes: one list of the two, for the axes of `axes`. */
export interface Asked {
  readonly axes: readonly number[];
  readonly scales: readonly number[] | null;
  readonly sizes: readonly number[] | null;
}

/**
 * All axes of `shape`.
 *
 *   scales:  out = floor(in · scale)
 *   sizes:   scale = out / in; not_larger and not_smaller take the least or greatest of them for all axes, and
 *            out = floor(in · scale + 1/2)
 *
 * Errors: OP_INPUT for both or neither list, or one of the wrong length; OP_SHAPE for nothing left.
 */
export function resizeAxes(shape: readonly number[], { axes, scales, sizes }: Asked, policy: ResizeForm["policy"]): readonly ResizeAxis[] {
  const list = scales ?? sizes;
  if (list === null || (scales !== null && sizes !== null)) throw new OpError("OP_INPUT", "either scales or sizes must be given");
  if (list.length !== axes.length) throw new OpError("OP_INPUT", `${list.length} ${scales ? "scales" : "sizes"} for ${axes.length} axes`);
  const ratios = sizes?.map((size, i) => size / (shape[axes[i] ?? 0] ?? 1)) ?? [];
  const common = policy === "not_larger" ? Math.min(...ratios) : Math.max(...ratios);
  return shape.map((input, axis) => {
    const at = axes.indexOf(axis);
    if (at < 0) return { input, output: input, scale: 1 };
    const scale = scales?.[at] ?? (policy === "stretch" ? (ratios[at] ?? 1) : common);
    const output = scales ? Math.floor(input * scale) : policy === "stretch" ? (sizes?.[at] ?? 1) : Math.floor(input * common + 0.5);
    if (!(scale > 0) || output < 1) throw new OpError("OP_SHAPE", `axis ${axis} of ${input} elements cannot become ${output}`);
    return { input, output, scale };
  });
}

/** The axes of a Resize whose inputs are known. An empty tensor is an input that was left out. */
export function axesOf(shape: readonly number[], inputs: readonly (Tensor | null)[], attrs: Attrs): readonly ResizeAxis[] {
  const list = (tensor: Tensor | null | undefined): readonly number[] | null => (tensor && tensor.data.length > 0 ? wholesOf(tensor) : null);
  return resizeAxes(shape, { axes: resizedAxes(attrs, shape.length), scales: list(inputs[2]), sizes: list(inputs[3]) }, resizeForm(attrs).policy);
}

/**
 * Position in the input, in elements, of each output element; may lie outside of the input.
 *
 *   half_pixel             (x + 1/2) / scale − 1/2
 *   half_pixel_symmetric   the same, about the middle of the input, where in · scale is not a whole number
 *   pytorch_half_pixel     half_pixel, or 0 for an output of one element
 *   align_corners          x · (in − 1) / (in · scale − 1), or 0 for an output of one element
 *   asymmetric             x / scale
 *
 * Source: onnx.ai/onnx/operators/onnx__Resize.html
 */
export function positionsOf({ input, output, scale }: ResizeAxis, coordinates: Coordinates): Float64Array {
  const resized = isExact({ input, output, scale }) ? output : input * scale;
  const half = (x: number): number => (x + 0.5) / scale - 0.5;
  const at = (x: number): number => {
    switch (coordinates) {
      case "half_pixel": return half(x);
      case "half_pixel_symmetric": return (input / 2) * (1 - output / resized) + half(x);
      case "pytorch_half_pixel": return output > 1 ? half(x) : 0;
      case "align_corners": return output > 1 ? (x * (input - 1)) / (resized - 1) : 0;
      case "asymmetric": return x / scale;
      default: return coordinates satisfies never;
    }
  };
  return Float64Array.from({ length: output }, (_, x) => at(x));
}

/** The input element that each output element shows. */
export function nearestElements(axis: ResizeAxis, { coordinates, nearest }: ResizeForm): Int32Array {
  return Int32Array.from(positionsOf(axis, coordinates), (position) => Math.min(axis.input - 1, Math.max(0, rounded(position, nearest))));
}

function rounded(position: number, mode: NearestMode): number {
  switch (mode) {
    case "round_prefer_floor": return Math.ceil(position - 0.5);
    case "round_prefer_ceil": return Math.floor(position + 0.5);
    case "floor": return Math.floor(position);
    case "ceil": return Math.ceil(position);
    default: return mode satisfies never;
  }
}
