import type { Graph, Node, ValueId } from "../graph.ts";
import type { Pass } from "./pass.ts";
import { withoutUnnamed } from "./rewrite.ts";

/**
 * Removes nodes that no output depends on, and values that nothing names.
 *
 * Graph inputs stay, read or not: they are the model's signature. Ops have no side effects, so nothing else is kept.
 */
export const dropDead: Pass = {
  name: "drop-dead",
  summary: "removes what no output depends on",
  run(graph: Graph): Graph {
    const needed = new Set<ValueId>(graph.outputs);
    const kept: Node[] = [];
    for (const node of [...graph.nodes].reverse()) {
      if (!node.outputs.some((id) => needed.has(id))) continue;
      kept.push(node);
      for (const id of node.inputs) if (id !== null) needed.add(id);
    }
    const live = kept.length === graph.nodes.length ? graph : { ...graph, nodes: kept.reverse() };
    return withoutUnnamed(live);
  },
};
