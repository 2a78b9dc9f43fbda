import { type Value, valueOf } from "../../graph.ts";
import { perTensor } from "../../int8/multiplier.ts";
import { quantizeAs } from "../../ops/quantize.ts";
import { ops } from "../../ops/registry.ts";
import type { QTensor } from "../../op.ts";
import type { Quant } from "../../quant.ts";
import { decodeConstant } from "../../tensor-codec.ts";
import { type LaneContext, type LaneRule, type Link, type CutOperand, lanesAlong, operandAt, sameLanes } from "./lane-rule.ts";
import { type FixedValue, type Lanes, hasLanes } from "./lanes.ts";

/**
 * Relu, Clip, LeakyRelu, HardSwish, Sigmoid, Tanh, Identity and Quantize to another scale: all 256 answers are worked out,
 * and a lane holds those between its smallest and largest operand.
 */
export const unaryLanes: LaneRule = (context) => {
  const operand = operandAt(context, 0);
  const table = operand && unaryTable(context);
  if (operand === null || table === null) return null;
  const { axis, low, high } = operand.lanes;
  const least = low.map((from, lane) => table.subarray(from + 128, (high[lane] ?? 127) + 129).reduce((a, b) => Math.min(a, b), 127));
  const most = low.map((from, lane) => table.subarray(from + 128, (high[lane] ?? 127) + 129).reduce((a, b) => Math.max(a, b), -128));
  return { lanes: { axis, low: least, high: most }, links: [sameLanes(operand.value.id, low.length)], cuts: [], linear: null };
};

/** The answers of an op of one int8 operand to −128, −127, … 127; null when a limit is computed or there is no int8 form. */
export function unaryTable({ graph, node, output }: Pick<LaneContext, "graph" | "node" | "output">): Int8Array | null {
  const [x, ...others] = node.inputs.map((id) => (id === null ? null : valueOf(graph, id)));
  if (!x?.quant || !output.quant || others.some((value) => value !== null && !value.constant)) return null;
  const every: QTensor = { tensor: { dtype: "int8", shape: [256], data: Int8Array.from({ length: 256 }, (_, i) => i - 128) }, quant: x.quant };
  if (node.op === "Quantize") return quantizeAs("int8", every, output.quant).data as Int8Array; // asked for as int8
  const limits = others.map((value) => value && { tensor: decodeConstant(value), quant: value.quant ?? plain });
  const [answers] = ops[node.op].evaluateInt8?.([every, ...limits], [output.quant], node.attrs) ?? [];
  return answers?.data instanceof Int8Array ? answers.data : null;
}

/** What stands for the fact of a limit; no evaluator reads it. */
const plain: Quant = { kind: "affine", scale: [1], zeroPoint: [0], axis: null };

/** Above this a left shift of |a · b| <= 2^16, or of 2^20 · 255 twice, could leave int32. */
const MAX_PRODUCT_FACTOR = 2 ** 14;
const MAX_SUM_FACTOR = 2;

/**
 * Add, Sub, Mul, Min, Max, PRelu of broadcast operands: each is in order, or bilinear, in its operands, so that its
 * extremes stand where they are smallest, largest, or (PRelu) zero.
 *
 * Ties the lanes of every operand that has as many; does not apply to an operand whose lanes run along another axis, nor
 * to factors so large that the arithmetic could wrap.
 */
export const binaryLanes: LaneRule = (context) => {
  const { graph, node, output } = context;
  const operands = node.inputs.map((id) => (id === null ? null : valueOf(graph, id))).filter((value) => value !== null);
  const fixed = operands.filter(isInt8);
  if (operands.length !== 2 || fixed.length !== 2 || !inOrder(context, fixed)) return null;
  const axis = sharedAxis(context, fixed);
  if (axis === null) return null;
  const count = output.shape[axis] ?? 1;
  const parts = fixed.map((value, position) => spread(context, { value, position, axis, count }));
  const [a, b] = parts;
  if (!a || !b) return null;
  const lanes = extremes(context, { a: a.lanes, b: b.lanes, axis });
  return { lanes, links: [...a.links, ...b.links], cuts: [...a.cuts, ...b.cuts], linear: null };
};

/** A scalar constant counts too, though it has no lanes. */
function isInt8(value: Value): value is FixedValue {
  return hasLanes(value) || (value.constant !== null && value.dtype === "int8" && value.quant?.axis === null && value.shape?.length === 0);
}

function inOrder({ node, output }: LaneContext, [a, b]: readonly FixedValue[]): boolean {
  if (!a?.quant || !b?.quant || !output.quant) return false;
  const [left, right, result] = [perTensor(a.quant).scale, perTensor(b.quant).scale, perTensor(output.quant).scale];
  switch (node.op) {
    case "Min": case "Max": return true;
    case "Add": case "Sub": return (2 * Math.max(left, right)) / (1048576 * result) < MAX_SUM_FACTOR;
    case "Mul": return (left * right) / result < MAX_PRODUCT_FACTOR;
    case "PRelu": return Math.max(left, left * right) / result < MAX_PRODUCT_FACTOR;
    default: return false;
  }
}

/** The axis of the result along which a computed operand has its lanes, unstretched. */
function sharedAxis({ output, lanesOf }: LaneContext, operands: readonly FixedValue[]): number | null {
  for (const value of operands) {
    const own = value.constant ? null : lanesOf(value.id);
    if (own === null) continue;
    const axis = own.axis + output.shape.length - value.shape.length;
    if (output.shape[axis] === value.shape[own.axis]) return axis;
  }
  return null;
}

type Bounds = Pick<Lanes, "low" | "high">;

interface Spread {
  readonly lanes: Bounds;
  readonly links: readonly Link[];
  readonly cuts: readonly CutOperand[];
}

interface Stretch {
  readonly value: FixedValue;
  readonly position: number;
  /** Of the result. */
  readonly axis: number;
  readonly count: number;
}

/** An operand's lanes stretched to those of the result; null when it has as many along that axis and they are not its lanes. */
function spread({ output, lanesOf }: LaneContext, { value, position, axis, count }: Stretch): Spread | null {
  const own = axis - (output.shape.length - value.shape.length);
  const lanes = lanesAlong(value, { axis: own, own: value.constant ? null : lanesOf(value.id) });
  if (own < 0 || value.shape[own] === 1) {
    const [low = -128] = lanes.low;
    const [high = 127] = lanes.high;
    return { lanes: { low: new Int8Array(count).fill(low), high: new Int8Array(count).fill(high) }, links: [], cuts: [] };
  }
  if (value.constant) return { lanes, links: [], cuts: [{ position, axis: own }] };
  return lanesOf(value.id)?.axis === own ? { lanes, links: [sameLanes(value.id, count)], cuts: [] } : null;
}

/** Smallest and largest answers over the corners of both operands' ranges. */
function extremes({ graph, node, output }: LaneContext, { a, b, axis }: { readonly a: Bounds; readonly b: Bounds; readonly axis: number }): Lanes {
  const [left, right] = node.inputs.map((id) => valueOf(graph, id ?? "").quant ?? plain);
  const zero = left?.zeroPoint[0] ?? 0;
  const bend = a.low.map((low, lane) => Math.min(Math.max(zero, low), a.high[lane] ?? low));
  const low = new Int8Array(a.low.length).fill(127);
  const high = new Int8Array(a.low.length).fill(-128);
  for (const x of node.op === "PRelu" ? [a.low, a.high, bend] : [a.low, a.high]) {
    for (const y of [b.low, b.high]) {
      const tensors = [{ data: x, quant: left }, { data: y, quant: right }].map(({ data, quant }): QTensor => ({ tensor: { dtype: "int8", shape: [data.length], data }, quant: quant ?? plain }));
      const [answer] = ops[node.op].evaluateInt8?.(tensors, [output.quant ?? plain], node.attrs) ?? [];
      for (let lane = 0; lane < low.length; lane++) {
        low[lane] = Math.min(low[lane] ?? 0, Number(answer?.data[lane] ?? -128));
        high[lane] = Math.max(high[lane] ?? 0, Number(answer?.data[lane] ?? 127));
      }
    }
  }
  return { axis, low, high };
}
