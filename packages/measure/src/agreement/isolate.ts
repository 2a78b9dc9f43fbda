import { type Graph, type Node, dataInputs } from "@edgewise/graph";

/**
 * One node as a graph of its own: what it reads and is no constant becomes an input, its results become the outputs, all
 * with the types and quantization facts they have in the whole graph.
 */
export function isolate(graph: Graph, node: Node): Graph {
  const read = [...new Set(node.inputs.filter((id) => id !== null))];
  const values = new Map([...read, ...node.outputs].flatMap((id) => {
    const value = graph.values.get(id);
    return value === undefined ? [] : [[id, value] as const];
  }));
  const data = new Set(dataInputs(node));
  return {
    name: node.origin.node, nodes: [node], values, metadata: {},
    inputs: read.filter((id) => values.get(id)?.constant === null && data.has(id)),
    outputs: node.outputs,
  };
}
