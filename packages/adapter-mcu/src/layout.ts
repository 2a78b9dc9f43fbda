import { invariant } from "@edgewise/graph";

/**
 * The order in which a value's elements lie in memory, as a permutation of its row-major order: the row-major elements
 * are seen as an array of dims `factors`, and stored with axis `order[0]` outermost.
 *
 * A Reshape changes no element's row-major index, so it keeps the layout of its input unchanged; a Transpose can often be
 * had by relabelling alone. Canonical: no factor is 1, and axes that stay neighbours are one factor, so two layouts are
 * the same permutation exactly when they are equal. Row-major is { factors: [n], order: [0] } (empty for one element).
 */
export interface Layout {
  readonly factors: readonly number[];
  readonly order: readonly number[];
}

/** Layout of `shape` stored with logical axis `order[0]` outermost. */
export function layoutOf(shape: readonly number[], order: readonly number[]): Layout {
  invariant(shape.length === order.length, "one position per axis");
  const kept = order.filter((axis) => shape[axis] !== 1);
  const rank = [...kept].sort((a, b) => a - b);
  const factors = rank.map((axis) => shape[axis] ?? 1);
  return mergeRuns(factors, kept.map((axis) => rank.indexOf(axis)));
}

export function rowMajor(elements: number): Layout {
  return elements === 1 ? { factors: [], order: [] } : { factors: [elements], order: [0] };
}

/** Images [N, C, H, W] lie as [N, H, W, C]: channels of a pixel are neighbours. Other ranks lie row-major. */
export function channelsLast(shape: readonly number[]): Layout {
  if (shape.length < 3) return rowMajor(shape.reduce((product, dim) => product * dim, 1));
  return layoutOf(shape, [0, ...shape.map((_, axis) => axis).slice(2), 1]);
}

export function sameLayout(a: Layout, b: Layout): boolean {
  return sameNumbers(a.factors, b.factors) && sameNumbers(a.order, b.order);
}

export function isRowMajor(layout: Layout): boolean {
  return layout.factors.length <= 1;
}

/** stored position → row-major index. */
export function storedToLogical(layout: Layout): Int32Array {
  const strides = rowMajorStrides(layout.factors);
  const elements = layout.factors.reduce((product, dim) => product * dim, 1);
  const table = new Int32Array(elements);
  const dims = layout.order.map((axis) => layout.factors[axis] ?? 1);
  const steps = layout.order.map((axis) => strides[axis] ?? 1);
  const at = dims.map(() => 0);
  let index = 0;
  for (let position = 0; position < elements; position++) {
    table[position] = index;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] ?? 0) + 1;
      index += steps[axis] ?? 0;
      if ((at[axis] ?? 0) < (dims[axis] ?? 1)) break;
      index -= (steps[axis] ?? 0) * (dims[axis] ?? 1);
      at[axis] = 0;
    }
  }
  return table;
}

/** Stored order of a value of `shape` as a list of its logical axes, outermost first; null when it cuts through an axis. */
export function axisOrder(layout: Layout, shape: readonly number[]): readonly number[] | null {
  const axes = shape.map((_, axis) => axis);
  const real = axes.filter((axis) => shape[axis] !== 1);
  const groups: number[][] = [];
  let next = 0;
  for (const factor of layout.factors) {
    const group: number[] = [];
    let product = 1;
    while (product < factor && next < real.length) {
      const axis = real[next++] ?? 0;
      group.push(axis);
      product *= shape[axis] ?? 1;
    }
    if (product !== factor) return null;
    groups.push(group);
  }
  return [...axes.filter((axis) => shape[axis] === 1), ...layout.order.flatMap((factor) => groups[factor] ?? [])];
}

/** Layout of transpose(x, permutation) when no byte moves; null when x's layout cuts through an axis. */
export function relabelled(layout: Layout, shape: readonly number[], permutation: readonly number[]): Layout | null {
  const stored = axisOrder(layout, shape);
  if (stored === null) return null;
  return layoutOf(permutation.map((axis) => shape[axis] ?? 1), stored.map((axis) => permutation.indexOf(axis)));
}

function mergeRuns(factors: readonly number[], order: readonly number[]): Layout {
  const runs: number[][] = [];
  for (const axis of order) {
    const last = runs.at(-1);
    if (last !== undefined && last.at(-1) === axis - 1) last.push(axis);
    else runs.push([axis]);
  }
  const sorted = [...runs].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return {
    factors: sorted.map((run) => run.reduce((product, axis) => product * (factors[axis] ?? 1), 1)),
    order: runs.map((run) => sorted.indexOf(run)),
  };
}

function rowMajorStrides(dims: readonly number[]): readonly number[] {
  const strides: number[] = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  return strides;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, i) => number === b[i]);
}
