/** A list in another order: result[i] = list[perm[i]]. */
export function turned<T>(list: readonly T[], perm: readonly number[]): readonly T[] {
  return perm.flatMap((from) => list.slice(from, from + 1));
}

export interface Layout {
  readonly shape: readonly number[];
  readonly perm: readonly number[];
  readonly elementBytes: number;
}

/** Row-major elements with their axes in another order, written into `to`. */
export function turnBytes(from: Uint8Array, to: Uint8Array, { shape, perm, elementBytes }: Layout): void {
  const own = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, elementBytes));
  const dims = turned(shape, perm);
  const steps = turned(own, perm);
  const at = dims.map(() => 0);
  let source = 0;
  for (let target = 0; target < to.length; target += elementBytes) {
    for (let byte = 0; byte < elementBytes; byte++) to[target + byte] = from[source + byte] ?? 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      source += steps[axis] ?? 0;
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (dims[axis] ?? 0)) break;
      source -= (steps[axis] ?? 0) * (dims[axis] ?? 0);
      at[axis] = 0;
    }
  }
}
