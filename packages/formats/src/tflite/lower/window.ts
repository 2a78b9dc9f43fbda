import type { Attrs } from "@edgewise/graph";
import { type Axis, type Window, windowOf } from "@edgewise/graph/ops";
import { refuse } from "./refusal.ts";

/** Windows as an operator states them: a padding by rule, after a PAD where no rule gives the node's own. */
export interface Placed {
  readonly window: Window;
  readonly padding: "SAME" | "VALID";
  /** [top, bottom, left, right] of a PAD in front; null when none is needed. */
  readonly pad: readonly [number, number, number, number] | null;
}

/** The windows of a node over [N, C, (H,) W]. Errors: `Refusal` for three spatial axes. */
export function windowsOf(dims: readonly number[], kernel: readonly number[], attrs: Attrs): Window {
  if (dims.length < 3 || dims.length > 4) return refuse({ why: "its windows have neither one nor two axes", found: `[${dims.join(", ")}]`, expected: "[N, C, L] or [N, C, H, W]", fix: "Only 1-D and 2-D layers can be written." });
  return windowOf(dims.slice(2), kernel, attrs);
}

/**
 * A rule of TensorFlow Lite that places the windows where the node has them; else VALID over a padded input.
 *
 *   VALID: starts at 0, out = floor((in − extent) / stride) + 1
 *   SAME:  out = ceil(in / stride), start = floor(total / 2), total = max(0, (out − 1) · stride + extent − in)
 *
 * Source: TFLite kernels/padding.h (ComputePaddingHeightWidth).
 */
export function place(window: Window): Placed {
  const axes = [window.rows, window.columns];
  if (axes.every(isValid)) return { window, padding: "VALID", pad: null };
  if (axes.every(isSame)) return { window, padding: "SAME", pad: null };
  return { window, padding: "VALID", pad: [window.rows.padStart, endOf(window.rows), window.columns.padStart, endOf(window.columns)] };
}

export function extentOf({ kernel, dilation }: Axis): number {
  return dilation * (kernel - 1) + 1;
}

function isValid(axis: Axis): boolean {
  return axis.padStart === 0 && axis.output === Math.floor((axis.input - extentOf(axis)) / axis.stride) + 1;
}

function isSame(axis: Axis): boolean {
  const total = Math.max(0, (axis.output - 1) * axis.stride + extentOf(axis) - axis.input);
  return axis.output === Math.ceil(axis.input / axis.stride) && axis.padStart === Math.floor(total / 2);
}

/** What the last window needs behind the input. */
function endOf(axis: Axis): number {
  return Math.max(0, (axis.output - 1) * axis.stride + extentOf(axis) - axis.input - axis.padStart);
}
