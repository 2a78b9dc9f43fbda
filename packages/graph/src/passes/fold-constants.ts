import { packedBytes } from "../dtype.ts";
import type { Graph, Node, Value } from "../graph.ts";
import { type Fact, OpError } from "../op.ts";
import { ops } from "../ops/registry.ts";
import { inferFacts } from "../shape.ts";
import { elementCount } from "../tensor.ts";
import { decodeConstant, encodeTensor } from "../tensor-codec.ts";
import type { Pass } from "./pass.ts";
import { makeIndexConstant } from "./real-constant.ts";
import { applyEdit } from "./rewrite.ts";

/**
 * A folded result may be this large even when its inputs are smaller. Folding pays off where it turns shape arithmetic and
 * small tables into data; a broadcast or padded constant of megabytes would only grow every file that is written.
 */
const FREE_BYTES = 64 * 1024;

/**
 * Computes, once, what depends on constants only; and takes over small integers that the shape rules already know
 * (Shape → Gather → Concat of fixed dims).
 *
 * Does not apply to DequantizeLinear (its scale must survive as a fact), to values with quantization facts, nor when the
 * result would be larger than all the node's inputs together and than 64 KiB.
 */
export const foldConstants: Pass = {
  name: "fold-constants",
  summary: "computes what depends on constants only",
  run(graph: Graph): Graph {
    const { facts } = inferFacts(graph);
    const folded = new Map<string, Value>();
    const gone = new Map<Node, readonly Node[]>();
    for (const node of graph.nodes) {
      const results = foldNode({ graph, node, folded }) ?? knownResults(graph, node, facts);
      if (results === null) continue;
      for (const value of results) folded.set(value.id, value);
      gone.set(node, []);
    }
    return gone.size === 0 ? graph : applyEdit(graph, { replace: gone, values: [...folded.values()] });
  },
};

function foldNode({ graph, node, folded }: { readonly graph: Graph; readonly node: Node; readonly folded: ReadonlyMap<string, Value> }): readonly Value[] | null {
  if (["DequantizeLinear", "Quantize", "Dequantize"].includes(node.op) || node.inputs.length === 0) return null;
  const inputs: (Value | null)[] = [];
  for (const id of node.inputs) {
    const value = id === null ? null : (folded.get(id) ?? graph.values.get(id) ?? null);
    if (id !== null && (!value?.constant || value.quant)) return null;
    inputs.push(value);
  }
  if (node.outputs.some((id) => graph.values.get(id)?.quant) || !withinBudget(graph, node, inputs)) return null;
  try {
    const tensors = ops[node.op].evaluate(inputs.map((value) => (value ? decodeConstant(value) : null)), node.attrs, node.outputs.length);
    return tensors.map((tensor, i) => ({
      id: node.outputs[i] ?? "", dtype: tensor.dtype, shape: tensor.shape, quant: null, constant: { bytes: encodeTensor(tensor) },
    }));
  } catch (error) {
    // The model's mistake is reported by shape propagation, with its node; here the node is only left alone.
    if (error instanceof OpError) return null;
    throw error;
  }
}

function withinBudget(graph: Graph, node: Node, inputs: readonly (Value | null)[]): boolean {
  const before = inputs.reduce((sum, value) => sum + (value?.constant?.bytes.byteLength ?? 0), 0);
  let after = 0;
  for (const id of node.outputs) {
    const value = graph.values.get(id);
    const shape = value?.shape;
    if (!value || !shape || shape.some((dim) => typeof dim !== "number")) return false;
    after += packedBytes(value.dtype, elementCount(shape.map(Number)));
  }
  return after <= Math.max(before, FREE_BYTES);
}

/** Integer results that the shape rules know in full, for a node that reads something not constant. */
function knownResults(graph: Graph, node: Node, facts: ReadonlyMap<string, Fact>): readonly Value[] | null {
  const results: Value[] = [];
  for (const id of node.outputs) {
    const fact = facts.get(id);
    const numbers = fact?.elements?.filter((element) => typeof element === "number");
    if (!fact?.elements || !numbers || numbers.length !== fact.elements.length || fact.dtype !== "int64") return null;
    if (fact.shape === null || graph.values.get(id)?.quant) return null;
    results.push({ ...makeIndexConstant(id, numbers), shape: fact.shape });
  }
  return results;
}
