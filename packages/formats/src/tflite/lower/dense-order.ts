import { type Value, elementCount } from "@edgewise/graph";
import { type Site, bytesIn, newTensor, tensorAt, valueIn } from "./emission.ts";
import type { Form } from "./layout/form.ts";
import { elementBytes } from "./types.ts";

export interface WeightOrder {
  readonly k: number;
  readonly n: number;
  /** Forms of the rows that are multiplied, and of the result. */
  readonly depth: Form;
  readonly columns: Form;
}

/** B as [N, K], its rows in the order of the result's columns and its columns in that of the operand's. */
export function denseWeights(site: Site, b: Value, { k, n, depth, columns }: WeightOrder): number {
  const transposed = site.node.attrs["transB"] === 1;
  const inner = (form: Form): readonly number[] => (form.view.length === 2 ? [form.view[1] ?? 1] : form.view.slice(1));
  const [rows, cols] = [inner(columns), inner(depth)];
  const turn = (form: Form): readonly number[] => (form.view.length === 2 ? [0] : form.perm.slice(1).map((axis) => axis - 1));
  const rowAxes = turn(columns).map((axis) => axis + (transposed ? 0 : cols.length));
  const colAxes = turn(depth).map((axis) => axis + (transposed ? rows.length : 0));
  if (b.quant === null || b.quant.axis === null) return valueIn(site, b.id, { view: transposed ? [...rows, ...cols] : [...cols, ...rows], perm: [...rowAxes, ...colAxes], shape: [n, k] });
  return orderedByChannel(site, b, { form: { view: transposed ? [...rows, ...cols] : [...cols, ...rows], perm: [...rowAxes, ...colAxes], shape: [n, k] }, columns });
}

/** Weights with a scale a column of the result: the scales go where the columns go. */
function orderedByChannel(site: Site, b: Value, { form, columns }: { readonly form: Form; readonly columns: Form }): number {
  const { quant } = b;
  if (quant === null) return valueIn(site, b.id, form);
  const order = placesOf(columns);
  const pick = (list: readonly number[]): readonly number[] => order.map((from) => list[from] ?? 0);
  const key = `dense ${b.id} ${JSON.stringify(form)}`;
  const known = site.emission.constants.get(key);
  if (known !== undefined) return known;
  const plain = newTensor(site.emission, b.id, { type: "INT8", shape: form.shape, quant: { ...quant, axis: 0, scale: pick(quant.scale), zeroPoint: pick(quant.zeroPoint) }, data: bytesIn(b, form) });
  site.emission.constants.set(key, plain);
  return plain;
}

/** For each column of a result in a form, its number in the value. */
function placesOf(form: Form): readonly number[] {
  const view = form.view.slice(1);
  const perm = form.perm.slice(1).map((axis) => axis - 1);
  const total = elementCount(view);
  const steps = view.map((_, axis) => elementCount(view.slice(axis + 1)));
  const dims = perm.map((axis) => view[axis] ?? 1);
  return Array.from({ length: total }, (_, at) => {
    let rest = at;
    return dims.reduceRight((sum, dim, i) => {
      const index = rest % dim;
      rest = Math.floor(rest / dim);
      return sum + index * (steps[perm[i] ?? 0] ?? 1);
    }, 0);
  });
}

export function orderedBias(site: Site, bias: number, form: Form): number {
  const order = placesOf(form);
  if (order.every((place, i) => place === i)) return bias;
  const { name, type, shape, quant, data } = tensorAt(site, bias);
  const step = elementBytes[type];
  const from = data ?? new Uint8Array(0);
  const moved = new Uint8Array(from.length);
  order.forEach((place, i) => moved.set(from.subarray(place * step, (place + 1) * step), i * step));
  const pick = (list: readonly number[]): readonly number[] => (list.length === 1 ? list : order.map((place) => list[place] ?? 0));
  const turned = quant && { ...quant, scale: pick(quant.scale), zeroPoint: pick(quant.zeroPoint) };
  return newTensor(site.emission, `${name}.ordered`, { type, shape, quant: turned, data: moved });
}
