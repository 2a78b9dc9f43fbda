import { type Graph, type Node, type ValueId, dataInputs, valueOf } from "@edgewise/graph";
import { type Form, type FormsOf, asIs, axisIn, channelsLast, formAt, keepsAxes, orderOf, permuted } from "./form.ts";
import { alongAxes, binary, bound, reshaping, unary } from "./ops.ts";
import { dimsOf, permOf, portsOf, sameOrder } from "./spread.ts";

/**
 * In which form a node takes or makes a value.
 *
 *   choice  the one of its two that the node chooses, the same choice for all its values
 *   any     whichever it is stored in, or whichever its readers want
 *   form    this one
 */
export type Need = { readonly kind: "choice" } | { readonly kind: "any" } | { readonly kind: "form"; readonly form: Form };

export interface NodeNeeds {
  /** By value; values that are constants or parameters have none. */
  readonly reads: ReadonlyMap<ValueId, Need>;
  readonly makes: ReadonlyMap<ValueId, Need>;
  /** The choices that the node has. */
  readonly choices: readonly (0 | 1)[];
}

const choice: Need = { kind: "choice" };
const any: Need = { kind: "any" };
const both: readonly (0 | 1)[] = [0, 1];

/**
 * What a node asks of the layout of its values.
 *
 *   bound ops: channels last · element-wise ops and ops along axes: any order, one for all · Transpose: its two orders at
 *   once, which costs nothing · reshapes: the graph's order, or both where they hold the same bytes · Gemm: any order of
 *   its columns, weights follow · Softmax: its axis last · anything else: as the graph says
 */
export function needsOf(graph: Graph, forms: FormsOf, node: Node): NodeNeeds {
  if (bound.has(node.op)) return each(graph, node, (id) => ({ kind: "form", form: dimsOf(graph, id).length < 3 ? asIs(dimsOf(graph, id)) : channelsLast(dimsOf(graph, id)) }));
  if (node.op === "Transpose") return transposeNeeds(graph, forms, node);
  if (reshaping.has(node.op)) return aligned(graph, forms, node) ? each(graph, node, () => choice) : each(graph, node, (id) => reordered(graph, forms, id));
  if (node.op === "Gemm") return gemmNeeds(graph, node);
  if (node.op === "Softmax" || node.op === "LogSoftmax") return softmaxNeeds(graph, forms, node);
  if (node.op === "ReduceMean" && node.attrs["keepdims"] === 0) return droppingNeeds(graph, forms, node);
  if ((unary.has(node.op) || binary.has(node.op) || alongAxes.has(node.op)) && consistent(graph, forms, node)) return each(graph, node, () => choice);
  return each(graph, node, (id) => ({ kind: "form", form: asIs(dimsOf(graph, id)) }));
}

function each(graph: Graph, node: Node, need: (id: ValueId, made: boolean) => Need): NodeNeeds {
  const fed = dataInputs(node).filter((id) => !valueOf(graph, id).constant);
  const shown = bound.has(node.op) ? fed.filter((id) => id === node.inputs[0]) : fed;
  return { reads: new Map(shown.map((id) => [id, need(id, false)])), makes: new Map(node.outputs.map((id) => [id, need(id, true)])), choices: both };
}

/** Whether both forms of a reshape's input hold the bytes of the output's form of the same number. */
function aligned(graph: Graph, forms: FormsOf, node: Node): boolean {
  const [from, to] = [forms.get(node.inputs[0] ?? ""), forms.get(node.outputs[0] ?? "")];
  return from !== undefined && to !== undefined && from.asIs === to.asIs && orderOf(from.other) === orderOf(to.other);
}

/**
 * A Transpose costs nothing between forms that hold the same bytes: between both of either value, or between one of them and
 * the only one of the other. Elsewhere it goes from any form to any.
 */
function transposeNeeds(graph: Graph, forms: FormsOf, node: Node): NodeNeeds {
  const [x, y] = [node.inputs[0] ?? "", node.outputs[0] ?? ""];
  const [from, to] = [dimsOf(graph, x), dimsOf(graph, y)];
  const perm = permOf(node, from.length);
  const before = (label: 0 | 1): string => orderOf(formAt(forms.get(x), from, label));
  const after = (label: 0 | 1): string => orderOf(undone(formAt(forms.get(y), to, label), { perm, dims: from }));
  const free = both.filter((label) => before(label) === after(label));
  if (forms.has(x) && forms.has(y)) return each(graph, node, () => (free.length === 2 ? choice : any));
  const only = (id: ValueId): Need => {
    const label = both.find((each) => (id === x ? before(each) === after(0) : after(each) === before(0)));
    return label === undefined ? any : { kind: "form", form: formAt(forms.get(id), id === x ? from : to, label) };
  };
  return each(graph, node, (id) => (forms.has(id) ? only(id) : any));
}

/** The form of a Transpose's result, said of its operand: axis j of the result is axis perm[j] of the operand. */
export function undone(form: Form, { perm, dims }: { readonly perm: readonly number[]; readonly dims: readonly number[] }): Form {
  return permuted(dims, form.perm.map((axis) => perm[axis] ?? axis));
}

/** A reshape between orders of its own works on the value as it is, or on any form that holds the same bytes. */
function reordered(graph: Graph, forms: FormsOf, id: ValueId): Need {
  const own = forms.get(id);
  return own && sameOrder(own, valueOf(graph, id)) ? any : { kind: "form", form: asIs(dimsOf(graph, id)) };
}

/** Constant weights take rows in any order, and make them in any order. */
function gemmNeeds(graph: Graph, node: Node): NodeNeeds {
  const [, b = null, c = null] = node.inputs;
  const constant = b !== null && valueOf(graph, b).constant !== null;
  const free = constant && (node.attrs["transA"] ?? 0) === 0 && valueOf(graph, b).quant?.axis !== (node.attrs["transB"] === 1 ? 1 : 0);
  const makesAny = constant && (c === null || valueOf(graph, c).constant !== null);
  return each(graph, node, (id, made) => ((made ? makesAny : free) ? any : { kind: "form", form: asIs(dimsOf(graph, id)) }));
}

/** The axis has to come last. */
function softmaxNeeds(graph: Graph, forms: FormsOf, node: Node): NodeNeeds {
  const dims = dimsOf(graph, node.outputs[0] ?? "");
  const stated = Number(node.attrs["axis"] ?? -1);
  const axis = stated < 0 ? stated + dims.length : stated;
  const last = (form: Form): boolean => keepsAxes(form) && form.perm.slice(axisIn(form, axis) + 1).every((other) => dims[other] === 1);
  const own = forms.get(node.outputs[0] ?? "");
  const choices = consistent(graph, forms, node) ? both.filter((label) => last(formAt(own, dims, label)) && axisIn(formAt(own, dims, label), axis) === dims.length - 1) : [];
  if (choices.length > 0) return { ...each(graph, node, () => choice), choices };
  const perm = [...dims.keys()].filter((other) => other !== axis);
  return each(graph, node, () => ({ kind: "form", form: permuted(dims, [...perm, axis]) }));
}

/** A mean that drops its axes: the others have to stand in their order. */
function droppingNeeds(graph: Graph, forms: FormsOf, node: Node): NodeNeeds {
  const [x = "", list = null] = node.inputs;
  const dims = dimsOf(graph, x ?? "");
  const own = forms.get(x ?? "");
  const axes = list === null ? null : keptOrder(graph, list, dims.length);
  const choices = own && axes && keepsAxes(own.other) ? both.filter((label) => inOrder(formAt(own, dims, label).perm.filter((axis) => !axes.has(axis)))) : [];
  const plain = (id: ValueId): Need => ({ kind: "form", form: asIs(dimsOf(graph, id)) });
  if (choices.length === 0) return each(graph, node, plain);
  return { ...each(graph, node, (id, made) => (made ? plain(id) : choice)), choices };
}

function keptOrder(graph: Graph, list: ValueId, rank: number): ReadonlySet<number> | null {
  const { constant } = valueOf(graph, list);
  if (constant === null) return null;
  const numbers = Array.from(new BigInt64Array(Uint8Array.from(constant.bytes).buffer), Number);
  return new Set(numbers.map((axis) => (axis < 0 ? axis + rank : axis)));
}

function inOrder(list: readonly number[]): boolean {
  return list.every((axis, i) => i === 0 || (list[i - 1] ?? 0) < axis);
}

/** Whether all computed values of the node have the same two forms, up to their dims. */
function consistent(graph: Graph, forms: FormsOf, node: Node): boolean {
  const ids = portsOf(node).filter((id) => !valueOf(graph, id).constant);
  const all = ids.map((id) => forms.get(id));
  const [first] = all;
  if (first === undefined) return false;
  const pictures = all.every((own) => own && keepsAxes(own.other) && own.asIs === first.asIs && own.other.perm.join() === first.other.perm.join());
  if (pictures) return ids.every((id) => dimsOf(graph, id).length === first.other.perm.length);
  const anywhere = unary.has(node.op) || binary.has(node.op);
  return anywhere && all.every((own) => own && own.asIs === first.asIs && JSON.stringify(own.other) === JSON.stringify(first.other));
}
