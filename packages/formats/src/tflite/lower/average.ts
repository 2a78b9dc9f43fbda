import type { Axis, Window } from "@edgewise/graph/ops";
import { type Site, int32s, newTensor, operator, tensorAt } from "./emission.ts";
import { refuse } from "./refusal.ts";

/** Windows of one axis that reach over the same number of elements inside the input. */
interface Run {
  /** Outputs from `first` on. */
  readonly first: number;
  readonly count: number;
  /** Elements of a window, and the first window's first. */
  readonly kernel: number;
  readonly start: number;
}

/**
 * Means over windows of any padding that does not count, exact on integers: each part of the picture whose windows are cut
 * alike is a SLICE with an AVERAGE_POOL_2D of its own, and the parts are joined.
 */
export function averageInParts(site: Site, { input, into, window }: { readonly input: number; readonly into: number; readonly window: Window }): void {
  const { rows, columns } = window;
  const kind = tensorAt(site, into);
  const bands = runsOf(rows).map((row) => {
    const parts = runsOf(columns).map((column) => partOf(site, { input, row, column, window }));
    return joined(site, { parts, axis: 2, hint: `${kind.name}.band` });
  });
  const whole = bands.length === 1 && bands[0] !== undefined ? bands[0] : -1;
  if (whole >= 0) operator(site, "RESHAPE", { inputs: [whole], outputs: [into], options: { new_shape: kind.shape } });
  else operator(site, "CONCATENATION", { inputs: bands, outputs: [into], options: { axis: 1, fused_activation_function: "NONE" } });
}

function runsOf(axis: Axis): readonly Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < axis.output; at++) {
    const from = Math.max(0, at * axis.stride - axis.padStart);
    const kernel = Math.min(at * axis.stride - axis.padStart + axis.kernel, axis.input) - from;
    if (kernel < 1) return refuse({ why: "a window lies in the padding alone", found: `window ${at} of ${axis.output}` });
    const last = runs.at(-1);
    const follows = last !== undefined && last.kernel === kernel && last.start + last.count * axis.stride === from;
    if (follows) runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else runs.push({ first: at, count: 1, kernel, start: from });
  }
  return runs;
}

interface Part {
  readonly input: number;
  readonly row: Run;
  readonly column: Run;
  readonly window: Window;
}

function partOf(site: Site, { input, row, column, window }: Part): number {
  const { name, type, shape, quant } = tensorAt(site, input);
  const [batch = 1, , , channels = 1] = shape;
  const reach = (run: Run, stride: number): number => (run.count - 1) * stride + run.kernel;
  const size = [batch, reach(row, window.rows.stride), reach(column, window.columns.stride), channels];
  const cut = newTensor(site.emission, `${name}.part`, { type, shape: size, quant });
  operator(site, "SLICE", { inputs: [input, int32s(site, "begin", [0, row.start, column.start, 0]), int32s(site, "size", size)], outputs: [cut] });
  const mean = newTensor(site.emission, `${name}.mean`, { type, shape: [batch, row.count, column.count, channels], quant });
  operator(site, "AVERAGE_POOL_2D", {
    inputs: [cut], outputs: [mean],
    options: { padding: "VALID", stride_w: window.columns.stride, stride_h: window.rows.stride, filter_width: column.kernel, filter_height: row.kernel, fused_activation_function: "NONE" },
  });
  return mean;
}

function joined(site: Site, { parts, axis, hint }: { readonly parts: readonly number[]; readonly axis: number; readonly hint: string }): number {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? -1;
  const { type, shape, quant } = tensorAt(site, first);
  const length = parts.reduce((sum, part) => sum + (tensorAt(site, part).shape[axis] ?? 0), 0);
  const whole = newTensor(site.emission, hint, { type, quant, shape: shape.with(axis, length) });
  operator(site, "CONCATENATION", { inputs: parts, outputs: [whole], options: { axis, fused_activation_function: "NONE" } });
  return whole;
}
