import { type Node, valueOf } from "../../graph.ts";
import { clampTo } from "../../int8/elementwise.ts";
import { scaleBy } from "../../int8/fixed-point.ts";
import { activationRange, perTensor } from "../../int8/multiplier.ts";
import { windowOf } from "../../int8/window.ts";
import { meanMultiplier } from "../../ops/mean.int8.ts";
import { decodeConstant } from "../../tensor-codec.ts";
import { borderClasses } from "./border-classes.ts";
import { type LaneContext, type LaneRule, type NodeLanes, type Operand, operandAt, sameLanes } from "./lane-rule.ts";
import type { Lanes } from "./lanes.ts";
import { linearLanes, scalesInOrder } from "./linear-lanes.ts";
import { asInt8Linear } from "./linear.ts";

/** Conv and Gemm: see `linearLanes`. Depthwise ties each input lane to its output lanes; other groups are left alone. */
export const sumLanes: LaneRule = (context) => {
  const linear = asInt8Linear(context.graph, context.node);
  const operand = operandAt(context, 0);
  if (linear === null || operand === null) return null;
  const usable = operand.lanes.axis === 1;
  const depthwise = linear.groups > 1 && linear.depth === 1;
  if (!usable || (linear.groups > 1 && !depthwise)) return null;
  const lanes = linearLanes(linear, operand.lanes);
  if (!depthwise) return { lanes, links: [], cuts: [], linear };
  const to = Int32Array.from({ length: linear.outputs }, (_, m) => m);
  const multiplier = linear.outputs / linear.groups;
  return { lanes, links: [{ input: operand.value.id, from: to.map((m) => Math.floor(m / multiplier)), to }], cuts: [], linear };
};

/** MaxPool, AveragePool, GlobalMaxPool: answers lie between the operand's extremes, then the clamp. */
export const poolLanes: LaneRule = (context) => {
  const operand = operandAt(context, 0);
  if (operand === null || operand.lanes.axis !== 1) return null;
  const { min, max } = activationRange(context.output.quant ?? noFact, context.node.attrs);
  const floor = context.node.op === "MaxPool" && seesOnlyPadding(context.node, operand) ? -128 : 127;
  return kept(operand, {
    axis: 1,
    low: operand.lanes.low.map((low) => clampTo(Math.min(low, floor), min, max)),
    high: operand.lanes.high.map((high) => clampTo(high, min, max)),
  });
};

const noFact = { kind: "affine", scale: [1], zeroPoint: [0], axis: null } as const;

function seesOnlyPadding({ attrs }: Node, { value }: Operand): boolean {
  const kernel = attrs["kernel_shape"];
  if (!Array.isArray(kernel) || value.shape.length > 4) return true;
  return borderClasses(windowOf(value.shape.slice(2), kernel.map(Number), attrs)).some((taps) => taps.length === 0);
}

/** GlobalAveragePool and ReduceMean over other axes: the mean of a constant plane is rounded as the kernel rounds it. */
export const meanLanes: LaneRule = (context) => {
  const operand = operandAt(context, 0);
  const axes = operand && meanAxes(context, operand.value.shape.length);
  if (operand === null || axes === null || axes.includes(operand.lanes.axis)) return null;
  const input = operand.value.quant ?? noFact;
  const output = context.output.quant ?? noFact;
  const count = axes.reduce((product, axis) => product * (operand.value.shape[axis] ?? 1), 1);
  const by = meanMultiplier(input, output, count);
  const { min, max } = activationRange(output, context.node.attrs);
  if (!scalesInOrder(255 * count, by)) return null;
  const answer = (stored: number): number => clampTo(perTensor(output).zeroPoint + scaleBy((stored - perTensor(input).zeroPoint) * count, by.multiplier, by.shift), min, max);
  const keeps = context.output.shape.length === operand.value.shape.length;
  const axis = keeps ? operand.lanes.axis : operand.lanes.axis - axes.filter((reduced) => reduced < operand.lanes.axis).length;
  return kept(operand, { axis, low: operand.lanes.low.map(answer), high: operand.lanes.high.map(answer) });
};

function meanAxes({ graph, node }: LaneContext, rank: number): readonly number[] | null {
  if (node.op === "GlobalAveragePool") return Array.from({ length: rank - 2 }, (_, i) => i + 2);
  const axesId = node.inputs[1] ?? null;
  const axes = axesId === null ? null : valueOf(graph, axesId);
  if (!axes?.constant) return null;
  const listed = Array.from(decodeConstant(axes).data, Number).map((axis) => (axis < 0 ? axis + rank : axis));
  return listed.length > 0 ? listed : null;
}

/** The result has the operand's lanes, tied one to one. */
function kept({ value }: Operand, lanes: Lanes): NodeLanes {
  return { lanes, links: [sameLanes(value.id, lanes.low.length)], cuts: [], linear: null };
}
