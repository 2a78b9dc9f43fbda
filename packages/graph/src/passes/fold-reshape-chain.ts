import { type Graph, valueOf } from "../graph.ts";
import type { OpName } from "../op.ts";
import { sameQuant } from "../quant.ts";
import type { Pass } from "./pass.ts";
import { makeIndexConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";

/** Ops that keep the elements and their order, and give them another shape. */
const reshaping: ReadonlySet<OpName> = new Set<OpName>(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/**
 * Two reshaping nodes in a row become one Reshape; before a Flatten of axis 1 that keeps the batch, only the Flatten stays,
 * which holds at every resolution.
 *
 * Does not apply when the value between is read elsewhere, or when the last shape has more than one dim without a number.
 */
export const foldReshapeChain: Pass = {
  name: "fold-reshape-chain",
  summary: "makes one Reshape of several in a row",
  run: (graph: Graph): Graph => rewriteEach(graph, foldAt),
};

function foldAt({ graph, uses, node }: RuleContext): Edit | null {
  const [between = null] = node.inputs;
  const [output = null] = node.outputs;
  if (!reshaping.has(node.op) || between === null || output === null || uses.onlyConsumer(between) !== node) return null;
  const first = uses.producer(between);
  const input = first?.inputs[0] ?? null;
  if (!first || !reshaping.has(first.op) || input === null) return null;
  const [from, through, to] = [valueOf(graph, input), valueOf(graph, between), valueOf(graph, output)];
  if (!sameQuant(from.quant, to.quant) || !sameQuant(from.quant, through.quant)) return null;
  const flattens = node.op === "Flatten" && Number(node.attrs["axis"] ?? 1) === 1;
  if (flattens && from.shape && through.shape && from.shape.length > 1 && from.shape[0] === through.shape[0]) {
    return { replace: new Map([[first, []], [node, [{ ...node, inputs: [input] }]]]) };
  }
  const open = to.shape?.filter((dim) => typeof dim === "string").length ?? Infinity;
  if (to.shape === null || open > 1 || to.shape.includes(0)) return null;
  const shape = makeIndexConstant(freshId(graph, `${output}.shape`), to.shape.map((dim) => (typeof dim === "number" ? dim : -1)));
  const reshape = { ...node, op: "Reshape" as const, inputs: [input, shape.id], attrs: {} };
  return { replace: new Map([[first, []], [node, [reshape]]]), values: [shape] };
}
