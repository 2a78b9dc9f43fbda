import { type Graph, type Node, type ValueId, elementCount, indexUses, invariant, valueOf } from "@edgewise/graph";
import { type Form, type FormsOf, asIs, channelsLast, formAt, orderOf } from "./form.ts";
import { type Edge, minCut } from "./min-cut.ts";
import { type Need, type NodeNeeds, needsOf } from "./need.ts";
import { dimsOf, spreadForms } from "./spread.ts";

/** In which form every value is stored, and every node reads and makes its values. */
export interface Layout {
  readonly stored: ReadonlyMap<ValueId, Form>;
  readonly reads: ReadonlyMap<Node, ReadonlyMap<ValueId, Form>>;
  /** Form of each output of the graph at the border. */
  readonly outputs: ReadonlyMap<ValueId, Form>;
}

export interface LayoutOptions {
  /** Whether pictures [N, C, H, W] may cross the border of the graph as [N, H, W, C]. */
  readonly freePictures: boolean;
}

/** A problem of layouts: values with a cost, and what each must agree with. */
export interface LayoutProblem {
  /** Number of free choices. */
  readonly choices: number;
  /** The choices that are not free. */
  readonly decided: ReadonlyMap<number, 0 | 1>;
  readonly values: readonly CostedValue[];
}

export interface CostedValue {
  readonly id: ValueId;
  /** The choices that are to be equal: numbers of choices; the value is moved once when they are not. */
  readonly terms: readonly (number | "first" | "last")[];
  readonly cost: number;
}

/** More than the elements of all values of a network together: one transpose fewer is worth any number of them. */
const TRANSPOSE_COST = 2 ** 40;

/**
 * Layouts that need the fewest transposes; among those, the ones that move the fewest elements.
 *
 *   every value that has two forms is stored in one and moved once to the other when anything reads it there: cost 1 when
 *   its producer and readers do not agree, which is a cut of a hyperedge
 *   two labels: the minimum is a minimum cut, exact; ties go to the channels last
 *   a Transpose between values of two forms each, none of which hold the same bytes, counts the same whatever is chosen
 *
 * Source: Kolmogorov and Zabih 2004, doi.org/10.1109/TPAMI.2004.1262177; hyperedges: Lawler 1973, doi.org/10.1002/net.3230030306
 */
export function assignLayout(graph: Graph, options: LayoutOptions): Layout {
  const setting = settingOf(graph, options);
  const stated = stateProblem(setting);
  return layoutBy(setting, stated, solve(stated.problem));
}

export function settingOf(graph: Graph, options: LayoutOptions): Setting {
  const forms = spreadForms(graph);
  return { graph, forms, options, needs: new Map(graph.nodes.map((node) => [node, needsOf(graph, forms, node)])) };
}

/** The layout that choices make. */
export function layoutBy(setting: Setting, { choiceOf }: Stated, labels: readonly (0 | 1)[]): Layout {
  return readOff(setting, (key) => labels[choiceOf(key)] ?? 0);
}

export interface Stated {
  readonly problem: LayoutProblem;
  /** Number of the choice of a node, or of a value that may be stored either way. */
  readonly choiceOf: (key: Node | string) => number;
}

export interface Setting {
  readonly graph: Graph;
  readonly forms: FormsOf;
  readonly needs: ReadonlyMap<Node, NodeNeeds>;
  readonly options: LayoutOptions;
}

export function stateProblem(setting: Setting): Stated {
  const { graph, forms, needs } = setting;
  const numbers = new Map<Node | string, number>();
  const choiceOf = (key: Node | string): number => {
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key) ?? 0;
  };
  const decided = new Map<number, 0 | 1>();
  for (const [node, { choices }] of needs) if (choices.length === 1) decided.set(choiceOf(node), choices[0] ?? 0);
  const uses = indexUses(graph);
  const values: CostedValue[] = [];
  for (const [id, own] of forms) {
    const dims = dimsOf(graph, id);
    const orders = [orderOf(formAt(own, dims, 0)), orderOf(formAt(own, dims, 1))];
    const term = (need: Need, by: Node | string): CostedValue["terms"] => {
      if (need.kind === "choice") return [choiceOf(by)];
      if (need.kind === "any") return [];
      const at = orders.indexOf(orderOf(need.form));
      return orders[0] === orders[1] || at < 0 ? [] : [at === 0 ? "first" : "last"];
    };
    const producer = uses.producer(id);
    const made = producer ? needs.get(producer)?.makes.get(id) : borderNeed(setting, id);
    const terms = [
      ...(made?.kind === "any" ? [choiceOf(`made ${id}`)] : made ? term(made, producer ?? "") : []),
      ...uses.consumers(id).flatMap((node) => term(needs.get(node)?.reads.get(id) ?? { kind: "any" }, node)),
      ...(uses.isOutput(id) ? term(borderNeed(setting, id), "") : []),
    ];
    values.push({ id, terms: [...new Set(terms)], cost: orders[0] === orders[1] ? 1 : TRANSPOSE_COST + elementCount(dims) });
  }
  return { problem: { choices: numbers.size, decided, values }, choiceOf };
}

/** Inputs and outputs are as the graph says; pictures [N, C, H, W] may be [N, H, W, C]. */
function borderNeed({ graph, forms, options }: Setting, id: ValueId): Need {
  const own = forms.get(id);
  const dims = dimsOf(graph, id);
  const picture = own !== undefined && own.asIs === 0 && dims.length === 4 && String(own.other.perm) === String(channelsLast(dims).perm);
  return options.freePictures && picture ? { kind: "any" } : { kind: "form", form: asIs(dims) };
}

/** The label of each choice. */
export function solve({ choices, decided, values }: LayoutProblem): readonly (0 | 1)[] {
  const [last, first] = [0, 1];
  const edges: Edge[] = [];
  const vertexOf = (term: number | "first" | "last"): number => (term === "last" ? last : term === "first" ? first : term + 2);
  for (const [choice, label] of decided) edges.push(label === 1 ? { from: last, to: vertexOf(choice), capacity: Infinity } : { from: vertexOf(choice), to: first, capacity: Infinity });
  let count = choices + 2;
  for (const { terms, cost } of values) {
    if (terms.length < 2) continue;
    const [gate, exit] = [count, count + 1];
    count += 2;
    edges.push({ from: gate, to: exit, capacity: cost });
    for (const term of terms) edges.push({ from: vertexOf(term), to: gate, capacity: Infinity }, { from: exit, to: vertexOf(term), capacity: Infinity });
  }
  const kept = minCut(count, edges);
  return Array.from({ length: choices }, (_, i) => (kept[i + 2] ? 1 : 0));
}

function readOff({ graph, forms, needs, options }: Setting, labelOf: (key: Node | string) => 0 | 1): Layout {
  const stored = new Map<ValueId, Form>();
  const at = (id: ValueId, label: 0 | 1): Form => formAt(forms.get(id), dimsOf(graph, id), label);
  const border = (id: ValueId): Need => borderNeed({ graph, forms, needs, options }, id);
  const made = (id: ValueId, need: Need, by: Node | null): void => {
    if (need.kind === "form") stored.set(id, need.form);
    else stored.set(id, at(id, labelOf(need.kind === "choice" && by ? by : `made ${id}`)));
  };
  for (const id of graph.inputs) made(id, border(id), null);
  for (const node of graph.nodes) for (const [id, need] of needs.get(node)?.makes ?? []) made(id, need, node);
  const formOf = (id: ValueId, need: Need, node: Node | null): Form => {
    if (need.kind === "form") return need.form;
    if (need.kind === "choice" && node) return at(id, labelOf(node));
    const own = stored.get(id);
    invariant(own !== undefined, `value ${id} is stored nowhere`);
    // A third form, made by an op that had to, is nothing that others are prepared for.
    const known = [at(id, 0), at(id, 1)].some((form) => form.shape.join() === own.shape.join() && orderOf(form) === orderOf(own));
    return known || node?.op === "Transpose" ? own : asIs(dimsOf(graph, id));
  };
  const reads = new Map(graph.nodes.map((node) => [node, new Map([...(needs.get(node)?.reads ?? [])].map(([id, need]) => [id, formOf(id, need, node)]))]));
  const outputs = new Map(graph.outputs.filter((id) => !valueOf(graph, id).constant).map((id) => [id, formOf(id, border(id), null)]));
  return { stored, reads, outputs };
}
