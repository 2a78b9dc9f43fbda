import { type ValueId, elementCount } from "@edgewise/graph";
import { turned } from "../../layout.ts";

/**
 * How a value lies in a tensor: stored = reshape(transpose(reshape(value, view), perm), shape).
 *
 * A picture [N, C, H, W] stored as [N, H, W, C]: view [N, C, H, W], perm [0, 2, 3, 1], shape [N, H, W, C].
 * Its rows [N, C · H · W] in the same order: view [N, C, H, W], perm [0, 2, 3, 1], shape [N, C · H · W].
 */
export interface Form {
  readonly view: readonly number[];
  readonly perm: readonly number[];
  readonly shape: readonly number[];
}

/** The two forms a value may be stored in: 0 with the channels first, 1 with the channels last. One of them is as the graph says. */
export interface Forms {
  readonly asIs: 0 | 1;
  readonly other: Form;
}

export type FormsOf = ReadonlyMap<ValueId, Forms>;

export function asIs(shape: readonly number[]): Form {
  return { view: shape, perm: shape.map((_, axis) => axis), shape };
}

export function permuted(shape: readonly number[], perm: readonly number[]): Form {
  return { view: shape, perm, shape: turned(shape, perm) };
}

/** [N, C, …] stored as [N, …, C]. */
export function channelsLast(shape: readonly number[]): Form {
  return permuted(shape, [0, ...shape.map((_, axis) => axis).slice(2), 1]);
}

export function isAsIs({ view, perm, shape }: Form): boolean {
  return perm.every((axis, i) => axis === i) && view.join() === shape.join();
}

/** Whether axis i of the tensor is axis perm[i] of the value: nothing is split or joined. */
export function keepsAxes({ view, perm, shape }: Form): boolean {
  return turned(view, perm).join() === shape.join();
}

export function inverse(perm: readonly number[]): readonly number[] {
  return perm.map((_, axis) => perm.indexOf(axis));
}

/** Where the value's axis stands in the tensor. */
export function axisIn(form: Form, axis: number): number {
  return form.perm.indexOf(axis < 0 ? axis + form.perm.length : axis);
}

/**
 * The order of a tensor's elements, independent of how its dims are split: the value's row-major positions as runs of
 * [count, step], dims of 1 left out, runs that continue one another joined. Forms of equal order hold the same bytes.
 */
export function orderOf({ view, perm }: Form): string {
  const steps = view.map((_, axis) => elementCount(view.slice(axis + 1)));
  const runs: { count: number; step: number }[] = [];
  for (const axis of perm) {
    const run = { count: view[axis] ?? 1, step: steps[axis] ?? 1 };
    if (run.count === 1) continue;
    const last = runs.at(-1);
    if (last && last.step === run.count * run.step) Object.assign(last, { count: last.count * run.count, step: run.step });
    else runs.push(run);
  }
  return runs.map(({ count, step }) => `${count}:${step}`).join(" ");
}

/** The form of a value at one of its two layouts; as the graph says where it has only one. */
export function formAt(forms: Forms | undefined, shape: readonly number[], label: 0 | 1): Form {
  return forms === undefined || forms.asIs === label ? asIs(shape) : forms.other;
}
