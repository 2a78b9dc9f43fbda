import { type Diagnostic, type Graph, type Node, type Origin, type Quant, type Value, type ValueId, invariant, valueOf } from "@edgewise/graph";
import { turnBytes } from "../layout.ts";
import type { ProgramOperator, ProgramTensor, TensorType } from "../program.ts";
import { type Form, axisIn, inverse, asIs, isAsIs, keepsAxes, orderOf } from "./layout/form.ts";
import type { Layout } from "./layout/assign.ts";
import { refuse } from "./refusal.ts";
import { elementBytes, tensorTypeOf } from "./types.ts";
import { versionOf } from "./versions.ts";

/** A value as it lies in a tensor. */
export interface Held {
  readonly tensor: number;
  readonly form: Form;
}

/** The program while it grows, one node after another. */
export interface Emission {
  readonly graph: Graph;
  readonly layout: Layout;
  readonly tensors: ProgramTensor[];
  readonly operators: ProgramOperator[];
  /** The node that each operator is there for. */
  readonly nodes: Node[];
  /** The forms in which a value is at hand; the first is the one it is stored in. */
  readonly held: Map<ValueId, Held[]>;
  /** Constants by their contents' place and form. */
  readonly constants: Map<string, number>;
  readonly names: Set<string>;
  readonly warnings: Diagnostic[];
}

export function newEmission(graph: Graph, layout: Layout): Emission {
  return { graph, layout, tensors: [], operators: [], nodes: [], held: new Map(), constants: new Map(), names: new Set(graph.values.keys()), warnings: [] };
}

/** A node being lowered. */
export interface Site {
  readonly emission: Emission;
  readonly node: Node;
}

/** What a lowering adds to the program: inputs and outputs are tensors; −1 for an input that is left out. */
export interface NewOperator {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: ProgramOperator["options"];
}

export function operator({ emission, node }: Site, op: string, { inputs, outputs, options = {} }: NewOperator): void {
  const at = (index: number): ProgramTensor | null => emission.tensors[index] ?? null;
  const version = versionOf(op, { inputs: inputs.map(at), outputs: outputs.map(at), options });
  const origin: Origin = node.origin;
  emission.operators.push({ op, version, inputs, outputs, options, origin });
  emission.nodes.push(node);
}

/** Type, shape and fact of a tensor to be made. */
export interface TensorKind {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly quant: Quant | null;
}

/** A tensor under a fresh name like `hint`; with `data`, a constant. */
export function newTensor(emission: Emission, hint: string, kind: TensorKind & { readonly data?: Uint8Array }): number {
  let name = hint;
  for (let number = 1; emission.names.has(name); number++) name = `${hint}.${number}`;
  emission.names.add(name);
  return pushTensor(emission, name, kind);
}

function pushTensor(emission: Emission, name: string, { type, shape, quant, data }: TensorKind & { readonly data?: Uint8Array }): number {
  emission.tensors.push({ name, type, shape, quant, data: data ?? null });
  return emission.tensors.length - 1;
}

export function tensorAt({ emission }: Site, index: number): ProgramTensor {
  const tensor = emission.tensors[index];
  invariant(tensor !== undefined, `the program has no tensor ${index}`);
  return tensor;
}

/** Type, shape and fact of a value in a form. Errors: `Refusal` for an element type without kernels. */
export function kindOf(value: Value, form: Form): TensorKind {
  return { type: typeOf(value), shape: form.shape, quant: quantIn(value.quant, form) };
}

function typeOf(value: Value): TensorType {
  return tensorTypeOf(value.dtype) ?? refuse({ why: `TensorFlow Lite has no tensors of ${value.dtype} here`, found: `${value.id}: ${value.dtype}`, expected: "float32, int8, uint8, int16, int32, int64, bool or float16", fix: "Convert the value to float32 or int32 in the model." });
}

export function quantIn(quant: Quant | null, form: Form): Quant | null {
  if (quant === null || quant.axis === null) return quant;
  invariant(keepsAxes(form), "a scale along an axis needs a form that keeps the axes");
  return { ...quant, axis: axisIn(form, quant.axis) };
}

/** The tensor that a node's output, or an input of the graph, is stored in. */
export function makeValue(emission: Emission, id: ValueId): Held {
  const form = emission.layout.stored.get(id);
  invariant(form !== undefined && !emission.held.has(id), `value ${id} is stored nowhere, or made twice`);
  const made: Held = { tensor: pushTensor(emission, id, kindOf(valueOf(emission.graph, id), form)), form };
  emission.held.set(id, [made]);
  return made;
}

/** Bytes of a constant in a form. */
export function bytesIn(value: Value, form: Form): Uint8Array {
  const bytes = value.constant?.bytes ?? new Uint8Array(0);
  if (form.perm.every((axis, i) => axis === i)) return bytes;
  const turned = new Uint8Array(bytes.length);
  turnBytes(bytes, turned, { shape: form.view, perm: form.perm, elementBytes: elementBytes[typeOf(value)] });
  return turned;
}

/** A value in a form: as it is stored, or moved there once for all that read it so, by way of the graph's own form where need be. */
export function valueIn(site: Site, id: ValueId, form: Form): number {
  const { emission } = site;
  const value = valueOf(emission.graph, id);
  if (value.constant) return constantIn(emission, value, form);
  const held = emission.held.get(id) ?? [];
  const same = held.find((each) => each.form.shape.join() === form.shape.join() && orderOf(each.form) === orderOf(form));
  if (same) return same.tensor;
  const [stored] = held;
  invariant(stored !== undefined, `value ${id} is read before it is made`);
  const near = held.find((each) => orderOf(each.form) === orderOf(form));
  if (!near && !splitAlike(stored.form, form)) valueIn(site, id, asIs((value.shape ?? []).map(Number)));
  const tensor = near ? reshaped(site, near.tensor, { shape: form.shape, name: `${id}.reshaped`, quant: quantIn(value.quant, form) }) : moved(site, held.find((each) => splitAlike(each.form, form)) ?? stored, { value, form });
  held.push({ tensor, form });
  return tensor;
}

/** Whether one TRANSPOSE leads from one form to the other: at most one of them splits axes, or both split them in the same way. */
function splitAlike(a: Form, b: Form): boolean {
  return isAsIs(a) || isAsIs(b) || a.view.join() === b.view.join();
}

function constantIn(emission: Emission, value: Value, form: Form): number {
  const key = `${value.id} ${JSON.stringify(form)}`;
  const known = emission.constants.get(key);
  if (known !== undefined) return known;
  const kind = { ...kindOf(value, form), data: bytesIn(value, form) };
  const taken = emission.tensors.some(({ name }) => name === value.id);
  const tensor = taken ? newTensor(emission, value.id, kind) : pushTensor(emission, value.id, kind);
  emission.constants.set(key, tensor);
  return tensor;
}

/** The value from one form to another: TRANSPOSE, with a RESHAPE where axes are split or joined. */
function moved(site: Site, from: Held, { value, form }: { readonly value: Value; readonly form: Form }): number {
  const view = finer(from.form, form);
  const flat = reshaped(site, from.tensor, { shape: from.form.perm.length === view.length ? from.form.perm.map((axis) => view[axis] ?? 1) : view, name: `${value.id}.split`, quant: null, keep: value.quant });
  const start = from.form.perm.length === view.length ? from.form.perm : view.map((_, axis) => axis);
  const goal = form.perm.length === view.length ? form.perm : view.map((_, axis) => axis);
  const perm = goal.map((axis) => inverse(start)[axis] ?? 0);
  const shape = goal.map((axis) => view[axis] ?? 1);
  const whole = shape.join() === form.shape.join();
  const { type } = tensorAt(site, from.tensor);
  const to = newTensor(site.emission, `${value.id}.transposed`, { type, shape, quant: whole ? quantIn(value.quant, form) : wholeQuant(value.quant) });
  operator(site, "TRANSPOSE", { inputs: [flat, int32s(site, `${value.id}.perm`, perm)], outputs: [to] });
  return whole ? to : reshaped(site, to, { shape: form.shape, name: `${value.id}.joined`, quant: quantIn(value.quant, form) });
}

/** The view that splits the axes further. */
function finer(a: Form, b: Form): readonly number[] {
  invariant(splitAlike(a, b), "two forms of a value split its axes in different ways");
  return isAsIs(a) ? b.view : a.view;
}

function wholeQuant(quant: Quant | null): Quant | null {
  invariant(quant === null || quant.axis === null, "a scale along an axis cannot be split");
  return quant;
}

export interface Reshaping {
  readonly shape: readonly number[];
  readonly name: string;
  readonly quant: Quant | null;
  /** The fact instead of `quant`, where it has no axis. */
  readonly keep?: Quant | null;
}

/** The same elements in another shape: the tensor itself where it has it, else RESHAPE of what it was itself reshaped from. */
export function reshaped(site: Site, tensor: number, { shape, name, quant, keep }: Reshaping): number {
  if (tensorAt(site, tensor).shape.join() === shape.join()) return tensor;
  const source = sourceOf(site, tensor);
  if (tensorAt(site, source).shape.join() === shape.join()) return source;
  const { type } = tensorAt(site, tensor);
  const to = newTensor(site.emission, name, { type, shape, quant: keep === undefined ? quant : wholeQuant(keep) });
  reshapeInto(site, source, to);
  return to;
}

/** RESHAPE into a tensor that is there. */
export function reshapeInto(site: Site, from: number, to: number): void {
  const { shape, name } = tensorAt(site, to);
  operator(site, "RESHAPE", { inputs: [sourceOf(site, from), int32s(site, `${name}.shape`, shape)], outputs: [to], options: { new_shape: shape } });
}

function sourceOf({ emission }: Site, tensor: number): number {
  const maker = emission.operators.find(({ outputs }) => outputs[0] === tensor);
  return maker?.op === "RESHAPE" ? (maker.inputs[0] ?? tensor) : tensor;
}

/** A list of whole numbers as a constant, one for all that are equal. */
export function int32s(site: Site, hint: string, numbers: readonly number[]): number {
  return parameter(site, hint, { type: "INT32", shape: [numbers.length], quant: null, data: new Uint8Array(Int32Array.from(numbers).buffer) });
}

export function int32(site: Site, hint: string, number: number): number {
  return parameter(site, hint, { type: "INT32", shape: [], quant: null, data: new Uint8Array(Int32Array.of(number).buffer) });
}

export function float32(site: Site, hint: string, number: number): number {
  return parameter(site, hint, { type: "FLOAT32", shape: [], quant: null, data: new Uint8Array(Float32Array.of(number).buffer) });
}

/** A small constant of ours. */
export function parameter({ emission }: Site, hint: string, kind: TensorKind & { readonly data: Uint8Array }): number {
  const key = `= ${kind.type} ${kind.shape.join()} ${JSON.stringify(kind.quant)} ${kind.data.join()}`;
  const known = emission.constants.get(key) ?? newTensor(emission, hint, kind);
  emission.constants.set(key, known);
  return known;
}
