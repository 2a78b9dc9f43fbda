import { type Graph, type Node, type Value, type ValueId, dataInputs, indexUses, valueOf } from "@edgewise/graph";
import { type Forms, type FormsOf, asIs, channelsLast, inverse, isAsIs, keepsAxes, orderOf, permuted } from "./form.ts";
import { alongAxes, binary, bound, reshaping, unary } from "./ops.ts";

/**
 * The two forms of every value that could gain from lying with its channels last.
 *
 *   a picture that a bound op reads or makes: [N, C, …] or [N, …, C]
 *   from there through ops that take any order, through Transpose (the same bytes under other names of the axes), and
 *   through reshapes to rows, which a dense layer reads in any order
 *
 * A value reached in two ways keeps the first. Shapes must be known. Values not in the result lie as the graph says.
 */
export function spreadForms(graph: Graph): FormsOf {
  const forms = new Map<ValueId, Forms>();
  const uses = indexUses(graph);
  const reached: ValueId[] = [];
  const reach = (id: ValueId, found: Forms | null): void => {
    if (found === null || forms.has(id) || valueOf(graph, id).constant || isAsIs(found.other)) return;
    forms.set(id, found);
    reached.push(id);
  };
  for (const node of graph.nodes) for (const id of seeds(graph, node)) reach(id, { asIs: 0, other: channelsLast(dimsOf(graph, id)) });
  for (let id = reached.shift(); id !== undefined; id = reached.shift()) {
    const own = forms.get(id);
    const producer = uses.producer(id);
    for (const node of [...(producer ? [producer] : []), ...uses.consumers(id)]) {
      if (own) for (const other of portsOf(node)) if (other !== id) reach(other, across(graph, node, { id, own, other }));
    }
  }
  return forms;
}

/** The values of a node that carry its data. */
export function portsOf(node: Node): readonly ValueId[] {
  return [...dataInputs(node), ...node.outputs];
}

export function dimsOf(graph: Graph, id: ValueId): readonly number[] {
  return (valueOf(graph, id).shape ?? []).map(Number);
}

/** The pictures of a node that works on them channels last. */
function seeds(graph: Graph, node: Node): readonly ValueId[] {
  const axis = Number(node.attrs["axis"] ?? -1);
  const overChannels = (node.op === "Softmax" || node.op === "LogSoftmax") && axis === 1;
  if (!bound.has(node.op) && !overChannels) return [];
  return [...node.inputs.slice(0, 1), ...node.outputs.slice(0, 1)].filter((id) => id !== null && dimsOf(graph, id).length >= 3).map(String);
}

interface Step {
  readonly id: ValueId;
  readonly own: Forms;
  readonly other: ValueId;
}

/** What the forms of one value of a node say of another. */
function across(graph: Graph, node: Node, { id, own, other }: Step): Forms | null {
  const from = dimsOf(graph, id);
  const to = dimsOf(graph, other);
  if (node.op === "Transpose") return throughTranspose(own, { perm: permOf(node, from.length), down: node.inputs[0] === id, to });
  if (reshaping.has(node.op)) return throughReshape(own, to);
  if (!(unary.has(node.op) || binary.has(node.op) || alongAxes.has(node.op) || bound.has(node.op))) return null;
  if (to.length !== from.length) return null;
  if (keepsAxes(own.other)) return { asIs: own.asIs, other: permuted(to, own.other.perm) };
  const sameRows = (unary.has(node.op) || binary.has(node.op)) && to.join() === from.join();
  return sameRows ? own : null;
}

export function permOf(node: Node, rank: number): readonly number[] {
  const perm = node.attrs["perm"];
  return Array.isArray(perm) ? perm.map(Number) : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

/** y = transpose(x, perm): y as it is holds the bytes of x's other form, and the other way round; null where it is a third. */
function throughTranspose(own: Forms, { perm, down, to }: { readonly perm: readonly number[]; readonly down: boolean; readonly to: readonly number[] }): Forms | null {
  const wanted = down ? perm : inverse(perm);
  if (!keepsAxes(own.other) || own.other.perm.join() !== wanted.join()) return null;
  return { asIs: own.asIs === 0 ? 1 : 0, other: permuted(to, inverse(wanted)) };
}

/** The same order of elements under other dims: with its axes split, joined or moved, or as rows of a picture. */
function throughReshape(own: Forms, to: readonly number[]): Forms | null {
  const { other } = own;
  const order = orderOf(other);
  if (order === orderOf(asIs(to))) return null;
  const found = ordersOf(to.length).map((perm) => permuted(to, perm)).find((form) => orderOf(form) === order);
  if (found) return { asIs: own.asIs, other: found };
  return to.length === 2 && keepsAxes(other) && other.perm[0] === 0 && to[0] === other.view[0] ? { asIs: own.asIs, other: { ...other, shape: to } } : null;
}

/** More axes than a channel shuffle needs are not tried. */
const MAX_AXES = 6;

/** The orders of axes that keep the batch in front, channels last before any other. */
function ordersOf(rank: number): readonly (readonly number[])[] {
  if (rank < 3 || rank > MAX_AXES) return [];
  const rest = Array.from({ length: rank - 1 }, (_, i) => i + 1);
  return [[0, ...rest.slice(1), 1], ...arrangements(rest).map((order) => [0, ...order])];
}

function arrangements(list: readonly number[]): readonly (readonly number[])[] {
  if (list.length === 0) return [[]];
  return list.flatMap((first) => arrangements(list.filter((each) => each !== first)).map((order) => [first, ...order]));
}

/** Whether both forms hold the same bytes, so that at most a reshape lies between them. */
export function sameOrder(forms: Forms, { shape }: Pick<Value, "shape">): boolean {
  const dims = (shape ?? []).map(Number);
  return orderOf(forms.other) === orderOf(asIs(dims));
}
