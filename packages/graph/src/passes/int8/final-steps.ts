import { type Graph, type Node, valueOf } from "../../graph.ts";
import { clampTo } from "../../int8/elementwise.ts";
import { type Multiplier, scaleBy } from "../../int8/fixed-point.ts";
import { activationRange, multiplierOf, perTensor } from "../../int8/multiplier.ts";
import { sumNumbers } from "../../ops/add.int8.ts";
import { meanMultiplier } from "../../ops/mean.int8.ts";
import type { Quant } from "../../quant.ts";
import { type Lanes, anyLanes, constantLanes, hasLanes, hull } from "./lanes.ts";
import { type Range, answerOf, scalesInOrder, sumRanges } from "./linear-lanes.ts";
import { asInt8Linear } from "./linear.ts";

/** How an op ends: an exact whole number from `low` to `high` becomes a stored number, never falling as it grows. */
export interface FinalStep extends Range {
  readonly answer: (exact: number) => number;
}

/**
 * The last steps of a node that rescales and clamps: one per output channel of a Conv or Gemm, one for Add, Sub, Mul,
 * GlobalAveragePool, MaxPool and AveragePool.
 *
 * Null for other ops, and where a shift could wrap. What goes before these steps does not depend on the scale, zero point
 * and clamp of the result: two nodes that differ only in those are equal if their final steps are.
 */
export function finalSteps(graph: Graph, node: Node, lanes: ReadonlyMap<string, Lanes>): readonly FinalStep[] | null {
  const output = valueOf(graph, node.outputs[0] ?? "").quant;
  const operands = node.inputs.map((id) => (id === null ? null : operandOf(graph, id, lanes)));
  const [a, b] = operands;
  if (output === null || output.axis !== null || !a) return null;
  switch (node.op) {
    case "Conv": case "Gemm": return linearSteps(graph, node, lanes);
    case "Add": case "Sub": return b ? sumSteps(node, { a, b, output }) : null;
    case "Mul": return b ? productSteps(node, { a, b, output }) : null;
    case "GlobalAveragePool": return meanSteps(graph, node, { a, output });
    case "MaxPool": case "AveragePool": {
      const { min, max } = activationRange(output, node.attrs);
      // A window of MaxPool that holds only padding gives -128.
      const low = node.op === "MaxPool" ? -128 : a.range.low;
      return node.outputs.length === 1 ? [{ low, high: a.range.high, answer: (stored) => clampTo(stored, min, max) }] : null;
    }
    default: return null;
  }
}

interface Operand {
  readonly quant: Quant;
  readonly range: Range;
}

function operandOf(graph: Graph, id: string, lanes: ReadonlyMap<string, Lanes>): Operand | null {
  const value = valueOf(graph, id);
  if (!value.quant || value.quant.axis !== null || !hasLanes(value)) return null;
  return { quant: value.quant, range: hull(value.constant ? constantLanes(value, 0) : (lanes.get(id) ?? anyLanes(value.shape))) };
}

function linearSteps(graph: Graph, node: Node, lanes: ReadonlyMap<string, Lanes>): readonly FinalStep[] | null {
  const linear = asInt8Linear(graph, node);
  const input = linear && valueOf(graph, linear.input);
  if (linear === null || input === null || !hasLanes(input)) return null;
  const own = lanes.get(input.id) ?? anyLanes(input.shape);
  if (own.axis !== 1) return null;
  const steps = sumRanges(linear, own).map((ranges, m): FinalStep => ({
    low: Math.min(...ranges.map(({ low }) => low)), high: Math.max(...ranges.map(({ high }) => high)),
    answer: (sum) => answerOf(linear.numbers, { m, sum }),
  }));
  return steps.every((step, m) => inOrder(step, linear.numbers.multipliers[m])) ? steps : null;
}

function inOrder({ low, high }: Range, by: Multiplier | undefined): boolean {
  return by !== undefined && scalesInOrder(low, by) && scalesInOrder(high, by);
}

interface TwoOperands {
  readonly a: Operand;
  readonly b: Operand;
  readonly output: Quant;
}

function sumSteps(node: Node, { a, b, output }: TwoOperands): readonly FinalStep[] | null {
  const numbers = sumNumbers({ a: a.quant, b: b.quant, output }, node.attrs);
  const left = (x: number): number => scaleBy((x - numbers.aZero) * 1048576, numbers.a.multiplier, numbers.a.shift);
  const right = (x: number): number => scaleBy((x - numbers.bZero) * 1048576, numbers.b.multiplier, numbers.b.shift);
  const added = node.op === "Add";
  return rescaled({
    low: left(a.range.low) + (added ? right(b.range.low) : -right(b.range.high)),
    high: left(a.range.high) + (added ? right(b.range.high) : -right(b.range.low)),
  }, { by: numbers.output, output, node });
}

function productSteps(node: Node, { a, b, output }: TwoOperands): readonly FinalStep[] | null {
  const [left, right, result] = [perTensor(a.quant), perTensor(b.quant), perTensor(output)];
  const corners = [a.range.low, a.range.high].flatMap((x) => [b.range.low, b.range.high].map((y) => (x - left.zeroPoint) * (y - right.zeroPoint)));
  return rescaled({ low: Math.min(...corners), high: Math.max(...corners) }, { by: multiplierOf((left.scale * right.scale) / result.scale), output, node });
}

function meanSteps(graph: Graph, node: Node, { a, output }: { readonly a: Operand; readonly output: Quant }): readonly FinalStep[] | null {
  const count = (valueOf(graph, node.inputs[0] ?? "").shape ?? []).slice(2).reduce<number>((product, dim) => product * Number(dim), 1);
  const { zeroPoint } = perTensor(a.quant);
  return rescaled({ low: (a.range.low - zeroPoint) * count, high: (a.range.high - zeroPoint) * count }, { by: meanMultiplier(a.quant, output, count), output, node });
}

function rescaled(range: Range, { by, output, node }: { readonly by: Multiplier; readonly output: Quant; readonly node: Node }): readonly FinalStep[] | null {
  const { min, max } = activationRange(output, node.attrs);
  const { zeroPoint } = perTensor(output);
  if (!inOrder(range, by)) return null;
  return [{ ...range, answer: (exact) => clampTo(zeroPoint + scaleBy(exact, by.multiplier, by.shift), min, max) }];
}

/**
 * Whether two functions that never fall give the same answer for every whole number from `low` to `high`.
 *
 * Exact and complete: equal at both ends of a stretch on which one is level, both are level there; other stretches are
 * halved. About 2 · log2(high − low) evaluations for each of at most 255 steps.
 */
export function sameSteps(f: (x: number) => number, g: (x: number) => number, { low, high }: Range): boolean {
  const [first, last] = [f(low), f(high)];
  if (first !== g(low) || last !== g(high)) return false;
  if (first === last || high - low <= 1) return true;
  const middle = Math.floor((low + high) / 2);
  return sameSteps(f, g, { low, high: middle }) && sameSteps(f, g, { low: middle, high });
}
