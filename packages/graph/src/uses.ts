import type { Graph, Node, ValueId } from "./graph.ts";

/** Who makes and who reads each value. Built once per graph object; rewriting makes a new graph and a new index. */
export interface Uses {
  /** The node that computes the value; null for inputs, constants and unknown ids. */
  producer(id: ValueId): Node | null;
  /** Reading nodes in topological order; a node that reads the value twice stands twice. */
  consumers(id: ValueId): readonly Node[];
  isOutput(id: ValueId): boolean;
  /** The only reader of a value that is not a graph output; null when there are more, or none. */
  onlyConsumer(id: ValueId): Node | null;
}

const none: readonly Node[] = [];

export function indexUses(graph: Graph): Uses {
  const producers = new Map<ValueId, Node>();
  const consumers = new Map<ValueId, Node[]>();
  const outputs = new Set(graph.outputs);
  for (const node of graph.nodes) {
    for (const id of node.outputs) producers.set(id, node);
    for (const id of node.inputs) {
      if (id === null) continue;
      const readers = consumers.get(id);
      if (readers) readers.push(node);
      else consumers.set(id, [node]);
    }
  }
  return {
    producer: (id) => producers.get(id) ?? null,
    consumers: (id) => consumers.get(id) ?? none,
    isOutput: (id) => outputs.has(id),
    onlyConsumer(id) {
      const readers = consumers.get(id) ?? none;
      return readers.length === 1 && !outputs.has(id) ? (readers[0] ?? null) : null;
    },
  };
}
