import { valueOf } from "../../graph.ts";
import { storedOf } from "../../int8/affine.ts";
import { elementCount } from "../../tensor.ts";
import { decodeConstant } from "../../tensor-codec.ts";
import { permOf } from "../drop-identity.ts";
import { type LaneContext, type LaneRule, type Link, lanesAlong, operandAt, sameLanes } from "./lane-rule.ts";
import { type Lanes, hasLanes, hull } from "./lanes.ts";

/** Transpose takes the lanes along with their axis. */
export const transposeLanes: LaneRule = (context) => {
  const operand = operandAt(context, 0);
  if (operand === null) return null;
  const axis = permOf(context.node, operand.value.shape.length).indexOf(operand.lanes.axis);
  return { lanes: { ...operand.lanes, axis }, links: [sameLanes(operand.value.id, operand.lanes.low.length)], cuts: [], linear: null };
};

/**
 * Reshape, Flatten, Squeeze, Unsqueeze: an axis of the result of which every index lies in one lane of the operand.
 *
 *   element e lies in lane floor(e / inner) mod lanes; index j of an axis with `innerTo` elements below it lies in lane
 *   floor(j · innerTo / inner) mod lanes, provided that innerTo divides inner and inner · lanes divides innerTo · dim
 *
 * Flattening [C, H, W] makes H · W numbers of each channel. Does not apply where no axis qualifies, such as the opposite,
 * nor to a computed shape.
 */
export const reshapeLanes: LaneRule = (context) => {
  const operand = operandAt(context, 0);
  const shapeId = context.node.op === "Reshape" ? (context.node.inputs[1] ?? null) : null;
  if (operand === null || (shapeId !== null && !valueOf(context.graph, shapeId).constant)) return null;
  const { shape } = context.output;
  const { low, high, axis: from } = operand.lanes;
  const inner = elementCount(operand.value.shape.slice(from + 1));
  const candidates = shape.map((dim, axis) => ({ dim, axis, innerTo: elementCount(shape.slice(axis + 1)) }))
    .filter(({ dim, innerTo }) => inner % innerTo === 0 && (innerTo * dim) % (inner * low.length) === 0);
  const [best] = candidates.sort((a, b) => a.dim - b.dim);
  if (best === undefined) return null;
  const to = Int32Array.from({ length: best.dim }, (_, j) => j);
  const lane = to.map((j) => Math.floor((j * best.innerTo) / inner) % low.length);
  const pick = (list: Int8Array): Int8Array => Int8Array.from(lane, (index) => list[index] ?? 0);
  return { lanes: { axis: best.axis, low: pick(low), high: pick(high) }, links: [{ input: operand.value.id, from: lane, to }], cuts: [], linear: null };
};

/** Concat along the lanes puts them one after another; along another axis a lane holds what any operand's holds. */
export const concatLanes: LaneRule = (context) => {
  const { graph, node, output, lanesOf } = context;
  const values = node.inputs.map((id) => valueOf(graph, id ?? "")).filter((value) => hasLanes(value));
  const axis = values.map((value) => (value.constant ? null : lanesOf(value.id)?.axis)).find((found) => typeof found === "number");
  if (values.length !== node.inputs.length || axis === undefined || axis === null) return null;
  if (values.some((value) => value.constant || lanesOf(value.id)?.axis !== axis)) return null;
  const along = Number(node.attrs["axis"]);
  const joined = (along < 0 ? along + output.shape.length : along) === axis;
  const parts = values.map((value) => lanesAlong(value, { axis, own: lanesOf(value.id) }));
  const links = values.map((value, i): Link => {
    const same = sameLanes(value.id, parts[i]?.low.length ?? 0);
    const offset = joined ? parts.slice(0, i).reduce((sum, part) => sum + part.low.length, 0) : 0;
    return { ...same, to: same.from.map((lane) => lane + offset) };
  });
  return { lanes: joined ? chained(parts, axis) : united(parts, axis), links, cuts: [], linear: null };
};

function chained(parts: readonly Lanes[], axis: number): Lanes {
  return { axis, low: Int8Array.from(parts.flatMap(({ low }) => [...low])), high: Int8Array.from(parts.flatMap(({ high }) => [...high])) };
}

function united(parts: readonly Lanes[], axis: number): Lanes {
  const [first] = parts;
  const of = (pick: (part: Lanes) => Int8Array, join: (a: number, b: number) => number): Int8Array =>
    parts.map(pick).reduce((a, b) => a.map((x, lane) => join(x, b[lane] ?? x)), first ? pick(first) : new Int8Array());
  return { axis, low: of(({ low }) => low, Math.min), high: of(({ high }) => high, Math.max) };
}

/** Pad and Slice beside the lanes: a padded lane can also hold the padding. Does not apply along the lanes. */
export const padLanes: LaneRule = (context) => {
  const operand = operandAt(context, 0);
  if (operand === null || context.output.shape[operand.lanes.axis] !== operand.lanes.low.length || !isAside(context, operand.lanes.axis)) return null;
  const fill = context.node.op === "Pad" ? paddingOf(context) : hull(operand.lanes).low;
  if (fill === null) return null;
  const { axis, low, high } = operand.lanes;
  const lanes = context.node.op === "Pad" ? { axis, low: low.map((x) => Math.min(x, fill)), high: high.map((x) => Math.max(x, fill)) } : operand.lanes;
  return { lanes, links: [sameLanes(operand.value.id, low.length)], cuts: [], linear: null };
};

/** Whether constant parameters leave the lanes' axis as it is. Equal sizes are not enough: a Pad may shift, a Slice reverse. */
function isAside({ graph, node, output }: LaneContext, axis: number): boolean {
  const rank = output.shape.length;
  const listed = (position: number): readonly number[] | null => {
    const id = node.inputs[position] ?? null;
    const value = id === null ? null : valueOf(graph, id);
    return value?.constant ? Array.from(decodeConstant(value).data, Number) : null;
  };
  const given = listed(3);
  if (given === null && (node.inputs[3] ?? null) !== null) return false;
  const axes = given?.map((found) => (found < 0 ? found + rank : found)) ?? null;
  if (axes !== null) return !axes.includes(axis);
  if (node.op === "Slice") return axis >= (listed(1)?.length ?? rank);
  const pads = listed(1);
  return pads?.[axis] === 0 && pads[axis + rank] === 0;
}

/** The stored number of the padding; null when it is computed. The modes that show the operand hold it anyway. */
function paddingOf({ graph, node, output }: LaneContext): number | null {
  const id = node.inputs[2] ?? null;
  const value = id === null ? null : valueOf(graph, id);
  if (value !== null && !value.constant) return null;
  return output.quant && storedOf(value ? Number(decodeConstant(value).data[0] ?? 0) : 0, output.quant);
}
