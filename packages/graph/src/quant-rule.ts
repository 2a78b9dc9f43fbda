import type { Graph, Node, ValueId } from "./graph.ts";
import type { OpName } from "./op.ts";

/** Inputs that are parameters (shapes, axes, limits), never data; by op, the positions that are data. Others: all. */
const dataPositions: Partial<Record<OpName, readonly number[]>> = {
  Clip: [0], Reshape: [0], Squeeze: [0], Unsqueeze: [0], Slice: [0], Split: [0], Pad: [0], Gather: [0], ReduceMean: [0], Resize: [0],
  Shape: [], Quantize: [0], Dequantize: [0],
  QuantizeLinear: [], DequantizeLinear: [],
};

/** Ids of the inputs of `node` that carry data, in order; left-out inputs are dropped. */
export function dataInputs(node: Node): readonly ValueId[] {
  const positions = dataPositions[node.op];
  const ids = positions === undefined ? node.inputs : positions.map((position) => node.inputs[position] ?? null);
  return ids.filter((id) => id !== null);
}

/**
 * How a node computes, read off its facts (adr/0001).
 *
 *   float        no data input and no output carries a fact
 *   weight-only  exactly constants carry facts, and no output does: they are dequantized first
 *   int8         every data input and every output carries a fact
 *   quantize     Quantize: the output carries a fact; the input may
 *   dequantize   Dequantize: the input carries a fact, the output does not
 *   mixed        anything else; refused by `verifyGraph`
 */
export type Arithmetic = "float" | "weight-only" | "int8" | "quantize" | "dequantize" | "mixed";

export function arithmeticOf(graph: Graph, node: Node): Arithmetic {
  const inputs = dataInputs(node).map((id) => graph.values.get(id));
  const carried = inputs.filter((value) => value?.quant).length;
  const made = node.outputs.filter((id) => graph.values.get(id)?.quant).length;
  if (node.op === "Quantize") return made === node.outputs.length ? "quantize" : "mixed";
  if (node.op === "Dequantize") return carried === 1 && made === 0 ? "dequantize" : "mixed";
  if (carried === 0 && made === 0) return "float";
  if (node.op === "Shape" || node.op === "QuantizeLinear" || node.op === "DequantizeLinear") return "mixed";
  if (made === 0) return inputs.every((value) => !value?.quant || value.constant) ? "weight-only" : "mixed";
  return carried === inputs.length && made === node.outputs.length ? "int8" : "mixed";
}
