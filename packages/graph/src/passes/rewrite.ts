import type { Graph, Node, Value, ValueId } from "../graph.ts";
import { type Uses, indexUses } from "../uses.ts";

/** A change to a graph: all parts are optional. */
export interface Edit {
  /** Nodes that give way; an empty list removes. What replaces a node stands at its place. */
  readonly replace?: ReadonlyMap<Node, readonly Node[]>;
  /** New or changed values. */
  readonly values?: readonly Value[];
  /** Readers of the key read the value instead; the names of the graph's inputs and outputs stay. */
  readonly rename?: ReadonlyMap<ValueId, ValueId>;
}

export interface RuleContext {
  readonly graph: Graph;
  readonly uses: Uses;
  readonly node: Node;
}

/** Looks at one node; null when it does not apply there. */
export type Rule = (context: RuleContext) => Edit | null;

/** Applies a rule at every node, in order, until it applies nowhere. The rule must make progress. */
export function rewriteEach(graph: Graph, rule: Rule): Graph {
  let current = graph;
  let uses = indexUses(current);
  for (let i = 0; i < current.nodes.length; i++) {
    const node = current.nodes[i];
    const edit = node ? rule({ graph: current, uses, node }) : null;
    if (edit === null) continue;
    current = applyEdit(current, edit);
    uses = indexUses(current);
    i = -1;
  }
  return current;
}

/** The graph after the edit, without values that nothing names any more. */
export function applyEdit(graph: Graph, edit: Edit): Graph {
  const replaced = edit.replace ? graph.nodes.flatMap((node) => edit.replace?.get(node) ?? [node]) : graph.nodes;
  const rename = edit.rename;
  const nodes = rename ? replaced.map((node) => renameInputs(node, rename)) : replaced;
  const values = new Map(graph.values);
  for (const value of edit.values ?? []) values.set(value.id, value);
  return withoutUnnamed({ ...graph, nodes, values });
}

function renameInputs(node: Node, rename: ReadonlyMap<ValueId, ValueId>): Node {
  if (!node.inputs.some((id) => id !== null && rename.has(id))) return node;
  return { ...node, inputs: node.inputs.map((id) => (id === null ? null : (rename.get(id) ?? id))) };
}

/** Drops values that no node and no border names; the same object when there are none. */
export function withoutUnnamed(graph: Graph): Graph {
  const named = new Set<ValueId>([...graph.inputs, ...graph.outputs]);
  for (const node of graph.nodes) {
    for (const id of node.inputs) if (id !== null) named.add(id);
    for (const id of node.outputs) named.add(id);
  }
  if ([...graph.values.keys()].every((id) => named.has(id))) return graph;
  return { ...graph, values: new Map([...graph.values].filter(([id]) => named.has(id))) };
}

/** `base`, or the first of `base.1`, `base.2`, … that the graph does not use. */
export function freshId(graph: Graph, base: ValueId): ValueId {
  let id = base;
  for (let n = 1; graph.values.has(id); n++) id = `${base}.${n}`;
  return id;
}
