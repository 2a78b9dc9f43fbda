import type { Attrs, Dim } from "../graph.ts";
import { OpError } from "../op.ts";
import { wholeAttr, wholesAttr, wordAttr } from "./attribute.ts";

/**
 * Where the windows of a convolution or pool lie along one spatial axis.
 *
 *   out = (in + padStart + padEnd − dilation · (kernel − 1) − 1) / stride + 1, rounded down, or up for ceil_mode
 *   SAME_*: out = ceil(in / stride); the odd element of padding at the end (UPPER) or at the start (LOWER)
 *   ceil_mode leaves out a window that would start in the padding at the end
 *
 * Sizes in elements. Errors: OP_SHAPE when no window fits, OP_ATTRIBUTE.
 * Source: onnx.ai/onnx/operators/onnx__Conv.html, onnx__MaxPool.html
 */
export interface Axis {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padStart: number;
  readonly padEnd: number;
  readonly output: number;
}

/** One axis for each spatial dim; `pads` are stated as all starts, then all ends. */
export function windowAxes(spatial: readonly number[], kernel: readonly number[], attrs: Attrs): readonly Axis[] {
  if (kernel.length !== spatial.length) throw new OpError("OP_ATTRIBUTE", `a kernel of ${kernel.length} axes over ${spatial.length} spatial axes`);
  const rank = spatial.length;
  const strides = listOf(attrs, "strides", { count: rank, otherwise: 1 });
  const dilations = listOf(attrs, "dilations", { count: rank, otherwise: 1 });
  const pads = listOf(attrs, "pads", { count: 2 * rank, otherwise: 0 });
  return spatial.map((input, i) => axisOf(attrs, {
    input, kernel: kernel[i] ?? 1, stride: strides[i] ?? 1, dilation: dilations[i] ?? 1, padStart: pads[i] ?? 0, padEnd: pads[i + rank] ?? 0,
  }));
}

/**
 * Spatial dims of a result before all inputs are sized: a name stays where the windows keep an axis' size; null where a
 * size would depend on a name.
 */
export function inferSpatial(spatial: readonly Dim[], kernel: readonly number[], attrs: Attrs): readonly Dim[] | null {
  // Two trial sizes: the axis keeps its size when both do, for then stride is 1 and padding equals the kernel's reach.
  const small = windowAxes(spatial.map((dim) => (typeof dim === "number" ? dim : 1000)), kernel, attrs);
  const large = windowAxes(spatial.map((dim) => (typeof dim === "number" ? dim : 1001)), kernel, attrs);
  const dims = spatial.map((dim, i) => {
    if (typeof dim === "number") return small[i]?.output ?? null;
    return small[i]?.output === 1000 && large[i]?.output === 1001 ? dim : null;
  });
  const known = dims.filter((dim) => dim !== null);
  return known.length === dims.length ? known : null;
}

/** The attribute `kernel_shape` of a pool. */
export function kernelOf(attrs: Attrs): readonly number[] {
  const kernel = wholesAttr(attrs, "kernel_shape");
  if (kernel === null) throw new OpError("OP_ATTRIBUTE", "attribute kernel_shape is missing");
  return kernel;
}

function axisOf(attrs: Attrs, axis: Omit<Axis, "output">): Axis {
  const { input, kernel, stride, dilation } = axis;
  const extent = dilation * (kernel - 1) + 1;
  const auto = wordAttr(attrs, "auto_pad", ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]);
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
    const output = Math.ceil(input / stride);
    const total = Math.max(0, (output - 1) * stride + extent - input);
    const less = Math.floor(total / 2);
    const padStart = auto === "SAME_UPPER" ? less : total - less;
    return { ...axis, padStart, padEnd: total - padStart, output };
  }
  const padStart = auto === "VALID" ? 0 : axis.padStart;
  const padEnd = auto === "VALID" ? 0 : axis.padEnd;
  const steps = (input + padStart + padEnd - extent) / stride;
  const ceil = wholeAttr(attrs, "ceil_mode", 0) === 1;
  let output = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  if (ceil && (output - 1) * stride >= input + padStart) output -= 1;
  if (output < 1) throw new OpError("OP_SHAPE", `a window of ${extent} does not fit ${input + padStart + padEnd} elements`);
  return { ...axis, padStart, padEnd, output };
}

/** A list attribute with one number for each of `count`; when left out, all are `otherwise`. */
export function listOf(attrs: Attrs, name: string, at: { readonly count: number; readonly otherwise: number }): readonly number[] {
  const list = wholesAttr(attrs, name) ?? [];
  if (list.length === 0) return Array.from({ length: at.count }, () => at.otherwise);
  if (list.length === at.count) return list;
  throw new OpError("OP_ATTRIBUTE", `attribute ${name} must have ${at.count} numbers, found ${list.length}`);
}
