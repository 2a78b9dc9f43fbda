import { type Graph, type Node, type Value, type ValueId, indexUses, valueOf } from "@edgewise/graph";
import { freeId } from "./free-id.ts";
import { int8Obstacle, int8Rules } from "./int8-rules.ts";

/**
 * Float ops that follow a Dequantize in an int8 file and whose int8 result has a scale of the op's own: Softmax, Sigmoid,
 * Tanh. They become int8, and the Dequantize moves behind them; nothing needs calibration.
 *
 *   Dequantize(q) → Softmax → y    becomes    Softmax(q) → Dequantize → y
 *
 * Exporters often leave the last Softmax of a quantized classifier in float; a target without float could not run it. The
 * same graph comes back when there is none. Not for a value that other nodes read as float, nor for ops with an obstacle.
 */
export function finishInt8(graph: Graph): Graph {
  const uses = indexUses(graph);
  const values = new Map<ValueId, Value>(graph.values);
  let nodes: readonly Node[] = graph.nodes;
  for (const node of graph.nodes) {
    const rule = int8Rules[node.op];
    const [input] = node.inputs;
    const [output = ""] = node.outputs;
    const dequantize = nodes.find(({ op, outputs }) => op === "Dequantize" && outputs[0] === input);
    const stored = dequantize?.inputs[0];
    if (rule.kind !== "fixed" || stored === null || stored === undefined || dequantize === undefined) continue;
    if (int8Obstacle(graph, node) !== null || uses.consumers(input ?? "").length !== 1 || uses.isOutput(input ?? "")) continue;
    const inside = freeId(values, `${output}_int8`);
    values.set(inside, { ...valueOf(graph, output), id: inside, dtype: "int8", quant: { kind: "affine", scale: [rule.scale], zeroPoint: [rule.zeroPoint], axis: null } });
    values.delete(input ?? "");
    nodes = nodes.flatMap((entry): readonly Node[] => {
      if (entry === dequantize) return [];
      if (entry !== node) return [entry];
      return [{ ...node, inputs: [stored], outputs: [inside] }, { ...dequantize, inputs: [inside], outputs: [output] }];
    });
  }
  return nodes === graph.nodes ? graph : { ...graph, nodes, values };
}
