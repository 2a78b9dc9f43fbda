import { type Graph, type Value, type ValueId, dtypes, indexUses, valueOf } from "@edgewise/graph";
import { storeWeights, weightQuant } from "./affine.ts";
import { realData } from "./real-data.ts";
import { channelAxis } from "./weights.ts";

/**
 * The float graph with the weights of Conv, ConvTranspose, Gemm and MatMul held as int8 facts (adr/0001, weight-only).
 *
 *   symmetric, one scale an output channel, within [−127, 127]; biases and everything else stay float
 *
 * A weight that another kind of layer reads too, and a weight of fewer than two axes, stays float. A quantized graph
 * comes back unchanged.
 */
export function weightOnly(graph: Graph): Graph {
  const uses = indexUses(graph);
  const values = new Map<ValueId, Value>(graph.values);
  for (const node of graph.nodes) {
    const id = node.inputs[1] ?? null;
    if (!["Conv", "ConvTranspose", "Gemm", "MatMul"].includes(node.op) || id === null || values.get(id)?.quant) continue;
    const weight = valueOf(graph, id);
    const shape = (weight.shape ?? []).map(Number);
    if (!weight.constant || shape.length < 2 || dtypes[weight.dtype].kind !== "float" || uses.isOutput(id)) continue;
    const axis = channelAxis(node, shape.length);
    const readers = uses.consumers(id);
    if (!readers.every((reader) => reader.op === node.op && reader.inputs[1] === id && channelAxis(reader, shape.length) === axis)) continue;
    const facts = { shape, data: realData(weight), axis };
    const quant = weightQuant(facts);
    const stored = storeWeights(facts, quant);
    values.set(id, { ...weight, dtype: "int8", quant, constant: { bytes: new Uint8Array(stored.buffer) } });
  }
  return { ...graph, values };
}
