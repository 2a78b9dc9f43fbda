import { type Graph, type Node, type Quant, type ValueId, dataInputs, sameQuant } from "@edgewise/graph";
import { affine } from "./affine.ts";
import { int8Rules } from "./int8-rules.ts";
import { type Range, hull } from "./ranges.ts";
import type { Scheme } from "./scheme.ts";

/** The fact of every float value that takes part in int8 arithmetic. */
export interface ScaleGroups {
  /** The fact by which a value's readers read it. */
  readonly quantOf: ReadonlyMap<ValueId, Quant>;
  /** Results of fixed ops whose readers share another fact: they are requantized once, after the op. */
  readonly requantized: ReadonlyMap<ValueId, Quant>;
}

/**
 * Facts of all values, by groups that must share one.
 *
 *   operands and results of an op of kind "same" are one group
 *   range of a group = hull of its members that are computed with a scale of their own, fed, or constant
 *   a group fed by fixed ops of one fact alone takes that fact; otherwise each such result is requantized into it
 *
 * `rangeOf` gives the range of a member that decides; it is not asked for moved values.
 */
export function scaleGroups(graph: Graph, nodes: readonly Node[], { scheme, rangeOf }: { readonly scheme: Scheme; rangeOf(id: ValueId): Range }): ScaleGroups {
  const groups = groupsOf(graph, nodes);
  const fixed = new Map<ValueId, Quant>();
  const moved = new Set<ValueId>();
  for (const node of nodes) {
    const rule = scheme.rules[node.op];
    if (rule.kind === "same") for (const id of node.outputs) moved.add(id);
    if (rule.kind === "fixed") for (const id of node.outputs) fixed.set(id, affine([rule.scale], [rule.zeroPoint]));
  }
  const quantOf = new Map<ValueId, Quant>();
  const requantized = new Map<ValueId, Quant>();
  for (const members of groups) {
    const sources = members.filter((id) => !moved.has(id));
    const quant = groupQuant(sources, fixed, { scheme, rangeOf });
    for (const id of members) quantOf.set(id, quant);
    for (const id of sources) {
      const own = fixed.get(id);
      if (own && !sameQuant(own, quant)) requantized.set(id, own);
    }
  }
  return { quantOf, requantized };
}

function groupQuant(sources: readonly ValueId[], fixed: ReadonlyMap<ValueId, Quant>, { scheme, rangeOf }: { readonly scheme: Scheme; rangeOf(id: ValueId): Range }): Quant {
  const first = sources[0] === undefined ? undefined : fixed.get(sources[0]);
  if (first && sources.every((id) => sameQuant(fixed.get(id) ?? null, first))) return first;
  const ranges = sources.map((id) => {
    const own = fixed.get(id);
    return own ? fixedRange(own, scheme) : rangeOf(id);
  });
  return scheme.quantOf(ranges.reduce(hull, [0, 0]));
}

function fixedRange({ scale, zeroPoint }: Quant, { activation }: Scheme): Range {
  const [step = 1] = scale;
  const [zero = 0] = zeroPoint;
  const most = activation === "int8" ? 127 : 32767;
  return [step * (-most - 1 - zero), step * (most - zero)];
}

/** Values in groups, in the order in which the graph names them. */
function groupsOf(graph: Graph, nodes: readonly Node[]): readonly (readonly ValueId[])[] {
  const leader = new Map<ValueId, ValueId>();
  const find = (id: ValueId): ValueId => {
    const next = leader.get(id);
    if (next === undefined || next === id) return id;
    const root = find(next);
    leader.set(id, root);
    return root;
  };
  const order: ValueId[] = [];
  const meet = (id: ValueId): void => {
    if (leader.has(id)) return;
    leader.set(id, id);
    order.push(id);
  };
  for (const node of nodes) {
    const ids = [...activationInputs(graph, node), ...node.outputs];
    ids.forEach(meet);
    const [first] = ids;
    if (int8Rules[node.op].kind === "same" && first !== undefined) for (const id of ids) leader.set(find(id), find(first));
  }
  const groups = new Map<ValueId, ValueId[]>();
  for (const id of order) groups.set(find(id), [...(groups.get(find(id)) ?? []), id]);
  return [...groups.values()];
}

/** Data operands that are quantized as activations: all but the constant weights and the bias of a weighted op. */
export function activationInputs(graph: Graph, node: Node): readonly ValueId[] {
  const ids = dataInputs(node);
  if (int8Rules[node.op].kind !== "weighted") return ids;
  return ids.filter((id, position) => position === 0 || (node.op === "MatMul" && graph.values.get(id)?.constant === null));
}
