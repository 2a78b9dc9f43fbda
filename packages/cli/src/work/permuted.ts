import { type Tensor, allocate, invariant } from "@edgewise/graph";

/** A tensor with its axes in another order: axis i of the result is axis `axes[i]` of what is given; null: the same order. */
export function permuted(tensor: Tensor, axes: readonly number[] | null): Tensor {
  if (axes === null) return tensor;
  const { dtype, shape, data } = tensor;
  invariant([...axes].sort((a, b) => a - b).every((axis, i) => axis === i) && axes.length === shape.length, `${axes.join()} orders ${shape.length} axes`);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const to = axes.map((axis) => shape[axis] ?? 0);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  const result = allocate(dtype, data.length);
  const at = to.map(() => 0);
  for (let i = 0, from = 0; i < data.length; i++) {
    result[i] = data[from] ?? 0;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      from += steps[axis] ?? 0;
      at[axis] = (at[axis] ?? 0) + 1;
      if ((at[axis] ?? 0) < (to[axis] ?? 0)) break;
      from -= (steps[axis] ?? 0) * (to[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return { dtype, shape: to, data: result };
}
