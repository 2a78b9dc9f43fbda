import { type ResizeAxis, decodeConstant, isExactResize, nearestElements, resizeAxesOf, resizeForm } from "@edgewise/graph/ops";
import { int } from "../literal.ts";
import { stringValue } from "../mil.ts";
import { type Lowering, type Use, give, inputType, inputValue, operand, refuse } from "./use.ts";

/**
 * Resize of the last two axes.
 *
 *   nearest  upsample_nearest_neighbor, where each element is repeated a whole number of times
 *   linear   resize_bilinear: half_pixel is UNALIGN_CORNERS, align_corners STRICT_ALIGN_CORNERS, asymmetric DEFAULT
 *
 * Does not apply to other axes, to scales that cut off a part of an element, or to other nearest modes.
 * Source: apple.github.io/coremltools, MIL ops, resize_bilinear and upsample_nearest_neighbor
 */
export const lowerResize: Lowering = (use) => {
  const axes = axesOf(use);
  const [rows, columns] = axes?.slice(-2) ?? [];
  if (axes === null || rows === undefined || columns === undefined || axes.length < 3 || axes.slice(0, -2).some(({ input, output }) => input !== output)) {
    refuse(use, { summary: "Only the last two axes can be resized, to fixed sizes", found: axes === null ? "computed or open sizes" : axes.map(({ output }) => output).join(" × "), expected: "constant scales or sizes for height and width", fix: "Fix the sizes, or replace the resize in the model." });
    return;
  }
  const form = resizeForm(use.node.attrs);
  if (form.mode === "nearest") lowerNearest(use, { rows, columns });
  else lowerLinear(use, { rows, columns });
};

interface Picture {
  readonly rows: ResizeAxis;
  readonly columns: ResizeAxis;
}

function axesOf(use: Use): readonly ResizeAxis[] | null {
  const { shape } = inputType(use, 0);
  const [scales, sizes] = [inputValue(use, 2), inputValue(use, 3)];
  if (shape.includes(null) || [scales, sizes].some((value) => value !== null && value.constant === null)) return null;
  const tensors = [null, null, ...[scales, sizes].map((value) => value === null ? null : decodeConstant(value))];
  return resizeAxesOf(shape.map(Number), tensors, use.node.attrs);
}

function lowerNearest(use: Use, { rows, columns }: Picture): void {
  const form = resizeForm(use.node.attrs);
  const factors = [rows, columns].map((axis) => {
    const factor = axis.output / axis.input;
    return Number.isInteger(factor) && nearestElements(axis, form).every((element, index) => element === Math.floor(index / factor)) ? factor : null;
  });
  const [high = null, wide = null] = factors;
  if (high === null || wide === null) {
    refuse(use, { summary: "Nearest neighbours other than repeated elements are not emitted", found: `${rows.input} × ${columns.input} to ${rows.output} × ${columns.output}, ${form.coordinates}, ${form.nearest}`, expected: "whole factors", fix: "Resize by a whole factor, or linearly." });
    return;
  }
  give(use, "upsample_nearest_neighbor", { x: operand(use, 0), scale_factor_height: int(high), scale_factor_width: int(wide) });
}

/** Sampling mode of each way to place elements; a single element is placed differently by some. */
const sampling: Readonly<Record<string, string>> = {
  half_pixel: "UNALIGN_CORNERS", half_pixel_symmetric: "UNALIGN_CORNERS", pytorch_half_pixel: "UNALIGN_CORNERS", align_corners: "STRICT_ALIGN_CORNERS", asymmetric: "DEFAULT",
};

function lowerLinear(use: Use, { rows, columns }: Picture): void {
  const { coordinates } = resizeForm(use.node.attrs);
  const single = coordinates !== "half_pixel" && [rows, columns].some(({ input, output }) => output === 1 && input > 1);
  if (single || ![rows, columns].every(isExactResize)) {
    refuse(use, { summary: "This linear resize is not emitted", found: `${rows.input} × ${columns.input} to ${rows.output} × ${columns.output}, ${coordinates}`, expected: "sizes that the scales give exactly, of more than one element", fix: "State the sizes instead of the scales." });
    return;
  }
  give(use, "resize_bilinear", { x: operand(use, 0), target_size_height: int(rows.output), target_size_width: int(columns.output), sampling_mode: stringValue(sampling[coordinates] ?? "UNALIGN_CORNERS") });
}
