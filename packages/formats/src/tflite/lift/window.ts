import type { Attrs } from "@edgewise/graph";
import { type Table, int8Field } from "../flat.ts";
import { MAX_WINDOW } from "../limits.ts";
import type { Operand } from "../operand.ts";
import { paddings } from "../schema.ts";
import type { Refused } from "./lift.ts";

/** Windows along height and width, in elements. */
export interface WindowOptions {
  readonly input: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: "SAME" | "VALID";
}

export function paddingOf(options: Table | null, field: number): "SAME" | "VALID" | null {
  return paddings[int8Field(options, field)] ?? null;
}

/** Height and width of a tensor [N, H, W, C]; null for another rank. */
export function planeOf({ shape }: Operand): readonly [number, number] | null {
  const [, height, width] = shape;
  return shape.length === 4 && height !== undefined && width !== undefined ? [height, width] : null;
}

/** Why there are no such windows; null when there are. */
export function windowProblem(of: Pick<WindowOptions, "kernel" | "stride" | "dilation">): Refused | null {
  const bad = [...of.kernel, ...of.stride, ...of.dilation].find((size) => size < 1 || size > MAX_WINDOW);
  return bad === undefined ? null : { why: "a window, stride or dilation is out of range", found: String(bad), expected: `1 to ${MAX_WINDOW}` };
}

/**
 * Attributes of the windows: strides, dilations, explicit pads.
 *
 *   SAME: out = ceil(in / stride); total = max(0, (out − 1) · stride + dilation · (kernel − 1) + 1 − in);
 *   start = floor(total / 2), end = the rest                                      VALID: none
 *
 * Source: TFLite kernels/padding.h (ComputePaddingHeightWidth).
 */
export function windowAttrs(of: WindowOptions): Attrs {
  const axes = [0, 1] as const;
  const totals = axes.map((axis) => of.padding === "VALID" ? 0 : sameTotal(of.input[axis], of.stride[axis], of.dilation[axis] * (of.kernel[axis] - 1) + 1));
  const pads = [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => total - Math.floor(total / 2))];
  return {
    kernel_shape: of.kernel,
    ...(of.stride.some((stride) => stride !== 1) ? { strides: of.stride } : {}),
    ...(of.dilation.some((dilation) => dilation !== 1) ? { dilations: of.dilation } : {}),
    ...(pads.some((pad) => pad !== 0) ? { pads } : {}),
  };
}

export function sameTotal(input: number, stride: number, extent: number): number {
  return Math.max(0, (Math.ceil(input / stride) - 1) * stride + extent - input);
}
