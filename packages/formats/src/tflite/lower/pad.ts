import { padSources } from "@edgewise/graph/ops";
import { type Site, float32, int32s, newTensor, operator, parameter, tensorAt } from "./emission.ts";
import { axisIn } from "./layout/form.ts";
import { pairs } from "./padding.ts";
import { alias, between, dimsOf, operandAt, realsAt, resultAt, wholesAt } from "./ports.ts";
import { storedBytes, storedReal } from "./stored-number.ts";

/**
 * Pad: PAD with 0, PADV2 with another number, MIRROR_PAD for reflect; edge, wrap and wider reflections are GATHER, axis by axis.
 * Negative pads are a SLICE first.
 *
 * Source: TFLite kernels/{pad,mirror_pad}.cc.
 */
export function lowerPad(site: Site): void {
  const x = operandAt(site, 0);
  const dims = dimsOf(x.value);
  const pads = wholesAt(site, 1, "pads") ?? [];
  const stated = wholesAt(site, 3, "axes");
  const axes = (stated ?? dims.map((_, axis) => axis)).map((axis) => (axis < 0 ? axis + dims.length : axis));
  const borders = dims.map((): readonly [number, number] => [0, 0]);
  axes.forEach((axis, i) => { borders[axis] = [pads[i] ?? 0, pads[i + axes.length] ?? 0]; });
  const ordered = x.form.perm.map((axis) => borders[axis] ?? ([0, 0] as const));
  const mode = String(site.node.attrs["mode"] ?? "constant");
  const shape = tensorAt(site, x.tensor).shape;
  const mirrors = mode === "reflect" && ordered.every(([before, after], axis) => before >= 0 && after >= 0 && Math.max(before, after) < (shape[axis] ?? 0));
  if (mode === "constant") constantPad(site, { from: cut(site, x.tensor, ordered), borders: ordered.map(([before, after]) => [Math.max(0, before), Math.max(0, after)]) });
  else if (mirrors) operator(site, "MIRROR_PAD", { inputs: [x.tensor, pairs(site, ordered)], outputs: [resultAt(site).tensor], options: { mode: "REFLECT" } });
  else gathered(site, { from: x.tensor, sources: padSources(dims, { pads, axes: stated }, site.node.attrs).map((source, axis) => ({ source, axis: axisIn(x.form, axis) })) });
}

type Borders = readonly (readonly [number, number])[];

function constantPad(site: Site, { from, borders }: { readonly from: number; readonly borders: Borders }): void {
  const [real = 0] = realsAt(site, 2, "constant") ?? [];
  const y = resultAt(site).tensor;
  const { type, quant } = tensorAt(site, y);
  const list = pairs(site, borders);
  if (real === 0) return operator(site, "PAD", { inputs: [from, list], outputs: [y] });
  const fill = quant === null ? float32(site, "fill", real) : parameter(site, "fill", { type, shape: [], quant, data: storedBytes(type, storedReal({ type, quant }, real)) });
  operator(site, "PADV2", { inputs: [from, list, fill], outputs: [y] });
}

/** Without what negative pads take off. */
function cut(site: Site, from: number, borders: Borders): number {
  if (borders.every(([before, after]) => before >= 0 && after >= 0)) return from;
  const begin = borders.map(([before]) => Math.max(0, -before));
  const size = tensorAt(site, from).shape.map((dim, axis) => dim - (begin[axis] ?? 0) - Math.max(0, -(borders[axis]?.[1] ?? 0)));
  const to = between(site, from, { shape: size });
  operator(site, "SLICE", { inputs: [from, int32s(site, "begin", begin), int32s(site, "size", size)], outputs: [to] });
  return to;
}

export interface Gathering {
  readonly from: number;
  /** Positions to show, and the tensor's axis. */
  readonly sources: readonly { readonly source: Int32Array; readonly axis: number }[];
}

/** The node's result, as elements of a tensor picked along one axis after another. */
export function gathered(site: Site, { from, sources }: Gathering): void {
  const { name, type, quant, shape } = tensorAt(site, from);
  const moving = sources.filter(({ source, axis }) => source.length !== shape[axis] || source.some((at, i) => at !== i));
  if (moving.length === 0) return alias(site, from);
  let current = from;
  moving.forEach(({ source, axis }, i) => {
    const positions = parameter(site, "positions", { type: "INT32", shape: [source.length], quant: null, data: new Uint8Array(Int32Array.from(source).buffer) });
    const to = i === moving.length - 1 ? resultAt(site).tensor : newTensor(site.emission, `${name}.picked`, { type, quant, shape: tensorAt(site, current).shape.with(axis, source.length) });
    operator(site, "GATHER", { inputs: [current, positions], outputs: [to], options: { axis, batch_dims: 0 } });
    current = to;
  });
}
