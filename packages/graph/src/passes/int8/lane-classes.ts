import { type Graph, type ValueId, valueOf } from "../../graph.ts";
import type { LaneFacts } from "./read-lanes.ts";
import type { NodeLanes } from "./lane-rule.ts";

/** One lane of one value. */
export interface Lane {
  readonly value: ValueId;
  readonly lane: number;
}

/**
 * Lanes that go together or stay together: one channel with what element-wise ops, pools and depthwise convolutions make
 * of it, up to the sums (Conv, Gemm) that read it.
 *
 * Left out are lanes that must stay: those of the graph's inputs and outputs and of nodes without a rule. Classes stand in
 * the order of their last value, last first: what a lane is worth is known once its readers are.
 */
export function laneClasses(graph: Graph, facts: LaneFacts): readonly (readonly Lane[])[] {
  const first = firstIndices(facts);
  const parents = Int32Array.from({ length: first.count }, (_, i) => i);
  for (const { links, result } of tied(graph, facts)) {
    for (const { input, from, to } of links) from.forEach((lane, i) => join(parents, first.of(input) + lane, first.of(result) + (to[i] ?? 0)));
  }
  const fixed = new Set<number>();
  for (const id of fixedValues(graph, facts)) {
    const count = facts.lanes.get(id)?.low.length ?? 0;
    for (let lane = 0; lane < count; lane++) fixed.add(rootOf(parents, first.of(id) + lane));
  }
  const classes = new Map<number, Lane[]>();
  for (const [value, { low }] of [...facts.lanes].reverse()) {
    for (let lane = 0; lane < low.length; lane++) {
      const root = rootOf(parents, first.of(value) + lane);
      if (fixed.has(root)) continue;
      const members = classes.get(root);
      if (members) members.push({ value, lane });
      else classes.set(root, [{ value, lane }]);
    }
  }
  return [...classes.values()];
}

function firstIndices({ lanes }: LaneFacts): { readonly count: number; readonly of: (id: ValueId) => number } {
  const starts = new Map<ValueId, number>();
  let count = 0;
  for (const [id, { low }] of lanes) {
    starts.set(id, count);
    count += low.length;
  }
  return { count, of: (id) => starts.get(id) ?? 0 };
}

function tied(graph: Graph, facts: LaneFacts): readonly { readonly links: NodeLanes["links"]; readonly result: ValueId }[] {
  return graph.nodes.map((node) => ({ links: facts.nodes.get(node)?.links ?? [], result: node.outputs[0] ?? "" }));
}

/** Values all of whose lanes stay. */
function fixedValues(graph: Graph, facts: LaneFacts): readonly ValueId[] {
  const fixed = new Set<ValueId>([...graph.inputs, ...graph.outputs]);
  for (const node of graph.nodes) {
    const rule = facts.nodes.get(node);
    const absorbed = rule && takesIn(rule) ? rule.linear?.input : null;
    for (const [position, id] of node.inputs.entries()) {
      if (id === null || valueOf(graph, id).constant) continue;
      const moved = rule?.links.some(({ input }) => input === id) || (position === 0 && id === absorbed);
      if (!moved) fixed.add(id);
    }
    if (!rule) for (const id of node.outputs) fixed.add(id);
  }
  return [...fixed].filter((id) => facts.lanes.has(id));
}

/** Whether a node sums over all lanes of its input, and so can do without one that it does not read or that is constant. */
export function takesIn({ linear, links }: NodeLanes): boolean {
  return linear !== null && links.length === 0;
}

function rootOf(parents: Int32Array, index: number): number {
  let at = index;
  while (parents[at] !== at) {
    const up = parents[at] ?? at;
    parents[at] = parents[up] ?? up;
    at = up;
  }
  return at;
}

function join(parents: Int32Array, a: number, b: number): void {
  parents[rootOf(parents, a)] = rootOf(parents, b);
}
