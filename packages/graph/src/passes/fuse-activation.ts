import { dtypes } from "../dtype.ts";
import { type Graph, type Node, valueOf } from "../graph.ts";
import { sameQuant } from "../quant.ts";
import { clampable } from "../verify.ts";
import type { Pass } from "./pass.ts";
import { realConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";

/** Limits of a clamp; infinite where there is none. */
export interface Clamp {
  readonly low: number;
  readonly high: number;
}

/**
 * Relu, and Clip with constant limits, become `clampMin` and `clampMax` of the node before (adr/0001).
 *
 * Does not apply when that node's result is read elsewhere or is a graph output, when its op cannot clamp (Concat,
 * Reshape, …), when its result is quantized differently, when the limits are computed or crossed, or on integers.
 */
export const fuseActivation: Pass = {
  name: "fuse-activation",
  summary: "turns Relu and Clip into a clamp of the node before",
  run: (graph: Graph): Graph => rewriteEach(graph, fuseAt),
};

function fuseAt({ graph, uses, node }: RuleContext): Edit | null {
  const outer = clampOfActivation(graph, node);
  const input = node.inputs[0] ?? null;
  const output = node.outputs[0] ?? null;
  if (outer === null || input === null || output === null || uses.onlyConsumer(input) !== node) return null;
  const producer = uses.producer(input);
  if (!producer || !clampable.has(producer.op) || producer.outputs.length !== 1) return null;
  const before = valueOf(graph, input);
  if (!sameQuant(before.quant, valueOf(graph, output).quant)) return null;
  if (before.quant === null && dtypes[before.dtype].kind !== "float") return null;
  const fused = withClamp(producer, compose(clampOf(producer), outer));
  return { replace: new Map([[producer, []], [node, [{ ...fused, outputs: [output] }]]]) };
}

/** What Relu and Clip limit to; null for other nodes and for limits that are not constant, or crossed. */
function clampOfActivation(graph: Graph, node: Node): Clamp | null {
  if (node.op === "Relu") return { low: 0, high: Infinity };
  if (node.op !== "Clip") return null;
  const limit = (position: number, absent: number): number | null => {
    if ((node.inputs[position] ?? null) === null) return absent;
    return realConstant(graph, node.inputs[position])?.data[0] ?? null;
  };
  const low = limit(1, -Infinity);
  const high = limit(2, Infinity);
  return low !== null && high !== null && low <= high ? { low, high } : null;
}

export function clampOf(node: Node): Clamp {
  return { low: Number(node.attrs["clampMin"] ?? -Infinity), high: Number(node.attrs["clampMax"] ?? Infinity) };
}

export function withClamp(node: Node, { low, high }: Clamp): Node {
  const { clampMin: _low, clampMax: _high, ...attrs } = node.attrs;
  return {
    ...node,
    attrs: { ...attrs, ...(low === -Infinity ? {} : { clampMin: low }), ...(high === Infinity ? {} : { clampMax: high }) },
  };
}

/** outer(inner(x)): both ends of the inner interval, seen through the outer one. */
function compose(inner: Clamp, outer: Clamp): Clamp {
  const through = (x: number): number => Math.min(Math.max(x, outer.low), outer.high);
  return { low: through(inner.low), high: through(inner.high) };
}
