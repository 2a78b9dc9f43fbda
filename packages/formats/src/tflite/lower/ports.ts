import { type Value, type ValueId, invariant, valueOf } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import { turned } from "../layout.ts";
import { type Held, type Site, type TensorKind, makeValue, newTensor, operator, parameter, reshapeInto, reshaped, tensorAt, valueIn } from "./emission.ts";
import { type Form, asIs, permuted } from "./layout/form.ts";
import { refuse } from "./refusal.ts";

/** A data operand of a node, in the form that the layout gives it. */
export interface Operand extends Held {
  readonly value: Value;
}

/** The value at an input; null where it is left out. */
export function valueAt({ emission, node }: Site, position: number): Value | null {
  const id = node.inputs[position] ?? null;
  return id === null ? null : valueOf(emission.graph, id);
}

export function dimsOf(value: Value): readonly number[] {
  const { shape } = value;
  const dims = shape?.filter((dim) => typeof dim === "number");
  if (!dims || dims.length !== shape?.length) return refuse({ why: `the size of ${value.id} is not known`, found: shape === null ? "no shape" : `[${shape.join(", ")}]`, expected: "fixed sizes", fix: "Bind the input sizes." });
  return dims;
}

/** An input as a tensor. Errors: `Refusal` when it is left out. */
export function operandAt(site: Site, position: number, form: Form | null = null): Operand {
  const value = valueAt(site, position);
  if (value === null) return refuse({ why: `its input ${position} is missing` });
  const own = form ?? formFor(site, value.id);
  return { tensor: valueIn(site, value.id, own), form: own, value };
}

/** The form in which the node reads a value; a constant as the graph has it. */
export function formFor({ emission, node }: Site, id: ValueId): Form {
  return emission.layout.reads.get(node)?.get(id) ?? asIs((valueOf(emission.graph, id).shape ?? []).map(Number));
}

/** The tensor of an output, in the form that the layout gives it. */
export function resultAt(site: Site, position = 0): Operand {
  const id = site.node.outputs[position];
  invariant(id !== undefined, `${site.node.op} has no output ${position}`);
  return { ...makeValue(site.emission, id), value: valueOf(site.emission.graph, id) };
}

/** The output is a tensor that is there already. */
export function alias(site: Site, tensor: number): void {
  const id = site.node.outputs[0] ?? "";
  const form = site.emission.layout.stored.get(id);
  invariant(form !== undefined, `value ${id} is stored nowhere`);
  site.emission.held.set(id, [{ tensor, form }]);
}

/** A tensor of ours like another, between two operators. */
export function between(site: Site, like: number, changes: Partial<TensorKind> = {}): number {
  const { name, type, shape, quant } = tensorAt(site, like);
  return newTensor(site.emission, `${name}.inner`, { type, shape, quant, ...changes });
}

/** Contents of a constant list of whole numbers; null when the input is left out. Errors: `Refusal` when it is computed. */
export function wholesAt(site: Site, position: number, name: string): readonly number[] | null {
  const numbers = realsAt(site, position, name);
  return numbers && numbers.map((number) => Math.trunc(number));
}

export function realsAt(site: Site, position: number, name: string): readonly number[] | null {
  const value = valueAt(site, position);
  if (value === null) return null;
  if (!value.constant) return refuse({ why: `its ${name} are computed by the model`, found: value.id, expected: "a constant", fix: "Export the model with fixed shapes." });
  return Array.from(decodeConstant(value).data, Number);
}

/** A constant operand that repeats to the value of `form`: its dims are filled up with ones and turned like that value's. */
export function repeatedAt(site: Site, position: number, form: Form): number {
  const value = valueAt(site, position);
  if (value === null || !value.constant) return refuse({ why: `its input ${position} is not a constant` });
  const dims = dimsOf(value);
  if (dims.every((dim) => dim === 1)) return valueIn(site, value.id, { view: dims, perm: dims.map((_, axis) => axis), shape: dims.length === 0 ? [] : [1] });
  const view = spread(dims, form);
  const padded = permuted(view, form.perm);
  const split = form.shape.length === form.perm.length;
  return valueIn(site, value.id, split ? shortened(padded) : { ...padded, shape: [dims.length < 2 ? 1 : (dims[0] ?? 1), dims.at(-1) ?? 1] });
}

/** The constant's dims as a view that lines up with the form's. Of rows, the last dim is split as the rows' is. */
function spread(dims: readonly number[], { view, shape }: Form): readonly number[] {
  const padded = [...Array<number>(Math.max(0, shape.length - dims.length)).fill(1), ...dims];
  if (view.length === shape.length) return padded;
  return padded.at(-1) === 1 ? [padded[0] ?? 1, ...view.slice(1).map(() => 1)] : [padded[0] ?? 1, ...view.slice(1)];
}

/** Without dims of 1 in front: a vector of channels stays one. */
function shortened(form: Form): Form {
  const first = form.shape.findIndex((dim) => dim !== 1);
  return { ...form, shape: form.shape.slice(Math.max(0, first)) };
}

/** The numbers of a value as a picture [N, H, W, C]: rows of a 1-D op are pictures of height 1. */
export function pictureOf(site: Site, { tensor, value }: Operand): number {
  const { shape, quant } = tensorAt(site, tensor);
  if (shape.length === 4) return tensor;
  const [batch = 1, length = 1, channels = 1] = shape;
  if (shape.length !== 3) return refuse({ why: "it does not work on rows or pictures", found: `[${dimsOf(value).join(", ")}]`, expected: "[N, C, L] or [N, C, H, W]" });
  return reshaped(site, tensor, { shape: [batch, 1, length, channels], name: `${value.id}.picture`, quant });
}

/** Makes a value as a picture [N, H, W, C], and gives it the dims of rows where it has those. */
export function intoPicture(site: Site, { tensor }: Operand, make: (picture: number) => void): void {
  const { shape } = tensorAt(site, tensor);
  if (shape.length === 4) {
    make(tensor);
    return;
  }
  const [batch = 1, length = 1, channels = 1] = shape;
  const picture = between(site, tensor, { shape: [batch, 1, length, channels] });
  make(picture);
  reshapeInto(site, picture, tensor);
}

/** A constant with its axes in another order; the fact's axis goes along. */
export function turnedConstant(site: Site, position: number, { perm, view }: { readonly perm: readonly number[]; readonly view?: readonly number[] }): number {
  const value = valueAt(site, position);
  if (value === null) return refuse({ why: `its input ${position} is missing` });
  if (!value.constant) return refuse({ why: "its weights are computed by the model", found: value.id, expected: "constant weights" });
  const from = view ?? dimsOf(value);
  return valueIn(site, value.id, { view: from, perm, shape: turned(from, perm) });
}

/**
 * Integer weights of a float operator, as floats: DEQUANTIZE (weight-only, adr/0001). Others as they are.
 */
export function realWeights(site: Site, tensor: number): number {
  const { name, shape, quant } = tensorAt(site, tensor);
  if (quant === null || isQuantized(site)) return tensor;
  const key = `real ${tensor}`;
  const known = site.emission.constants.get(key);
  if (known !== undefined) return known;
  const real = newTensor(site.emission, `${name}.real`, { type: "FLOAT32", shape, quant: null });
  operator(site, "DEQUANTIZE", { inputs: [tensor], outputs: [real] });
  site.emission.constants.set(key, real);
  return real;
}

/** Whether the node computes on integers. */
export function isQuantized({ emission, node }: Site): boolean {
  return valueOf(emission.graph, node.outputs[0] ?? "").quant !== null;
}

/** A float32 list of ours as a constant. */
export function realList(site: Site, hint: string, { shape, numbers }: { readonly shape: readonly number[]; readonly numbers: readonly number[] }): number {
  return parameter(site, hint, { type: "FLOAT32", shape, quant: null, data: new Uint8Array(Float32Array.from(numbers).buffer) });
}

export function numberAttr({ node }: Site, name: string, otherwise: number): number {
  const value = node.attrs[name];
  return typeof value === "number" ? value : otherwise;
}
