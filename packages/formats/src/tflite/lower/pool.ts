import { type Value, indexUses, valueOf } from "@edgewise/graph";
import type { Axis } from "@edgewise/graph/ops";
import { averageInParts } from "./average.ts";
import { clamped, clampedAfter } from "./clamp.ts";
import { stepsOf } from "./conv.ts";
import { type Site, operator } from "./emission.ts";
import { padded } from "./padding.ts";
import { between, dimsOf, intoPicture, isQuantized, numberAttr, operandAt, pictureOf, realList, realsAt, resultAt, valueAt } from "./ports.ts";
import { refuse } from "./refusal.ts";
import { type Placed, extentOf, place, windowsOf } from "./window.ts";

/**
 * MaxPool and GlobalMaxPool as MAX_POOL_2D. Padding that no rule gives is a border of the lowest number, or of 0 where
 * nothing is below 0.
 *
 * Source: TFLite kernels/pooling.cc.
 */
export function lowerMaxPool(site: Site): void {
  if (site.node.outputs.length > 1) return refuse({ why: "it also gives the positions of the maxima", fix: "Cut the second output off." });
  const x = operandAt(site, 0);
  const placed = placedPool(site, x.value);
  const fill = neverNegative(site, x.value) ? "zero" : "lowest";
  const input = padded(site, pictureOf(site, x), { pad: placed.pad, fill });
  intoPicture(site, resultAt(site), (picture) => clamped(site, picture, (into, activation) => pool(site, "MAX_POOL_2D", { input, into, placed, activation })));
}

/**
 * AveragePool as AVERAGE_POOL_2D, whose padding never counts.
 *
 *   other paddings, floats: VALID over zeros, then MUL by window / elements that count, position by position
 *   other paddings, integers: in parts whose windows are cut alike (average.ts); padding that counts is a `Refusal`
 *
 * Source: TFLite kernels/pooling.cc.
 */
export function lowerAveragePool(site: Site): void {
  const x = operandAt(site, 0);
  const placed = placedPool(site, x.value);
  const { rows, columns } = placed.window;
  const counted = numberAttr(site, "count_include_pad", 0) === 1;
  const inside = [elementsOf(rows, false), elementsOf(columns, false)] as const;
  const counts = [elementsOf(rows, counted), elementsOf(columns, counted)] as const;
  const byRule = placed.pad === null && String(counts) === String(inside);
  const picture = pictureOf(site, x);
  const y = resultAt(site);
  if (byRule) return intoPicture(site, y, (to) => clamped(site, to, (into, activation) => pool(site, "AVERAGE_POOL_2D", { input: picture, into, placed, activation })));
  if (isQuantized(site) && counted) return refuse({ why: "its padding counts, which has no int8 form", fix: "Keep this layer in float32." });
  if (isQuantized(site)) return intoPicture(site, y, (to) => clampedAfter(site, to, (into) => averageInParts(site, { input: picture, into, window: placed.window })));
  const input = padded(site, picture, { pad: [rows.padStart, behind(rows), columns.padStart, behind(columns)], fill: "zero" });
  const factors = counts[0].flatMap((row) => counts[1].map((column) => (rows.kernel * columns.kernel) / (row * column)));
  intoPicture(site, y, (to) => meanOfZeros(site, { input, to, factors, placed: { ...placed, padding: "VALID" } }));
}

/** Means over a picture with zeros around it, set right where not all of a window counts. */
function meanOfZeros(site: Site, { input, to, factors, placed }: { readonly input: number; readonly to: number; readonly factors: readonly number[]; readonly placed: Placed }): void {
  const { rows, columns } = placed.window;
  if (factors.every((factor) => factor === 1)) return clamped(site, to, (into, activation) => pool(site, "AVERAGE_POOL_2D", { input, into, placed, activation }));
  const mean = between(site, to);
  pool(site, "AVERAGE_POOL_2D", { input, into: mean, placed, activation: "NONE" });
  const map = realList(site, "counts", { shape: [1, rows.output, columns.output, 1], numbers: factors });
  clamped(site, to, (into, activation) => operator(site, "MUL", { inputs: [mean, map], outputs: [into], options: { fused_activation_function: activation } }));
}

interface Pool {
  readonly input: number;
  readonly into: number;
  readonly placed: Placed;
  readonly activation: string;
}

function pool(site: Site, op: "MAX_POOL_2D" | "AVERAGE_POOL_2D", { input, into, placed, activation }: Pool): void {
  const { rows, columns } = placed.window;
  operator(site, op, { inputs: [input], outputs: [into], options: { ...stepsOf(placed), filter_width: columns.kernel, filter_height: rows.kernel, fused_activation_function: activation } });
}

function placedPool(site: Site, x: Value): Placed {
  const dims = dimsOf(x);
  const kernel = site.node.attrs["kernel_shape"];
  const window = site.node.op === "GlobalMaxPool" ? windowsOf(dims, dims.slice(2), {}) : windowsOf(dims, Array.isArray(kernel) ? kernel.map(Number) : [], site.node.attrs);
  const dilated = [window.rows, window.columns].find(({ dilation, kernel: taps }) => dilation !== 1 && taps > 1);
  if (dilated) return refuse({ why: "its windows are dilated", found: `dilation ${dilated.dilation}`, expected: "1", fix: "Use a pool without dilation." });
  return place(window);
}

function behind(axis: Axis): number {
  return Math.max(0, (axis.output - 1) * axis.stride + extentOf(axis) - axis.input - axis.padStart);
}

/** Elements of each window of an axis that count: those inside the input, or inside its stated padding as well. */
function elementsOf(axis: Axis, counted: boolean): readonly number[] {
  return Array.from({ length: axis.output }, (_, at) => {
    const start = at * axis.stride - axis.padStart;
    const end = Math.min(start + axis.kernel, axis.input + (counted ? axis.padEnd : 0));
    return end - (counted ? start : Math.max(0, start));
  });
}

/** Ops whose results are not below 0, whatever they read. */
const positive: ReadonlySet<string> = new Set(["Relu", "Sigmoid", "Softmax"]);
const keeping: ReadonlySet<string> = new Set(["MaxPool", "AveragePool", "Transpose", "Reshape", "Identity", "Concat"]);

function neverNegative(site: Site, value: Value): boolean {
  const { graph } = site.emission;
  if (value.quant) return value.quant.zeroPoint[0] === -128;
  const producer = indexUses(graph).producer(value.id);
  if (producer === null) return false;
  if (positive.has(producer.op) || Number(producer.attrs["clampMin"] ?? -1) >= 0) return true;
  if (producer.op === "Clip") return Number(lowOf({ emission: site.emission, node: producer })) >= 0;
  return keeping.has(producer.op) && producer.inputs.filter((id) => id !== null).filter((id) => !valueOf(graph, id).constant || producer.op === "Concat").every((id) => neverNegative(site, valueOf(graph, id)));
}

function lowOf(site: Site): number {
  const low = valueAt(site, 1);
  return low?.constant ? (realsAt(site, 1, "limits")?.[0] ?? -1) : -1;
}
