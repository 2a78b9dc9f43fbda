import { type Site, int32s, operator, tensorAt } from "./emission.ts";
import { dimsOf, operandAt, resultAt, wholesAt } from "./ports.ts";
import { refuse } from "./refusal.ts";

/**
 * Slice as SLICE where every step is 1, else STRIDED_SLICE.
 *
 *   a backward range that runs to the front ends by its mask, because −1 would be the last element
 *
 * Source: TFLite kernels/{slice,strided_slice}.cc.
 */
export function lowerSlice(site: Site): void {
  const x = operandAt(site, 0);
  const dims = dimsOf(x.value);
  const lists = { starts: wholesAt(site, 1, "starts") ?? [], ends: wholesAt(site, 2, "ends") ?? [], axes: wholesAt(site, 3, "axes"), steps: wholesAt(site, 4, "steps") };
  const ranges = dims.map((dim): Range => ({ begin: 0, end: dim, step: 1 }));
  lists.starts.forEach((start, i) => {
    const stated = lists.axes?.[i] ?? i;
    const axis = stated < 0 ? stated + dims.length : stated;
    ranges[axis] = rangeOf({ start, end: lists.ends[i] ?? 0, step: lists.steps?.[i] ?? 1 }, dims[axis] ?? 0);
  });
  const ordered = x.form.perm.map((axis) => ranges[axis] ?? { begin: 0, end: 0, step: 1 });
  const y = resultAt(site).tensor;
  const list = (name: string, of: (range: Range) => number): number => int32s(site, name, ordered.map(of));
  if (ordered.every(({ step }) => step === 1)) {
    const sizes = tensorAt(site, y).shape;
    operator(site, "SLICE", { inputs: [x.tensor, list("begin", ({ begin }) => begin), int32s(site, "size", sizes)], outputs: [y] });
    return;
  }
  const mask = ordered.reduce((bits, { end }, axis) => bits + (end < 0 ? 2 ** axis : 0), 0);
  operator(site, "STRIDED_SLICE", {
    inputs: [x.tensor, list("begin", ({ begin }) => begin), list("end", ({ end }) => Math.max(0, end)), list("strides", ({ step }) => step)], outputs: [y],
    options: { begin_mask: 0, end_mask: mask, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0 },
  });
}

/** Positions of one axis: the first, the one before which it stops (−1: after the first element), and the step. */
interface Range {
  readonly begin: number;
  readonly end: number;
  readonly step: number;
}

function rangeOf({ start, end, step }: { readonly start: number; readonly end: number; readonly step: number }, dim: number): Range {
  if (step === 0) return refuse({ why: "it steps by 0" });
  const fromFront = (position: number): number => (position < 0 ? position + dim : position);
  const [low, high] = step > 0 ? [0, dim] : [-1, dim - 1];
  const held = (position: number): number => Math.min(Math.max(fromFront(position), low), high);
  return { begin: Math.max(0, held(start)), end: held(end), step };
}
