import { type Tensor, allocate, elementCount } from "../tensor.ts";

/** A block of a row-major tensor read in any order: dims with their strides in the source, from an offset. */
export interface StridedView {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The viewed elements, dense and row-major. Strides may be negative or 0; every element must lie inside. */
export function gathered(tensor: Tensor, view: StridedView): Tensor {
  const { shape, strides } = view;
  const data = allocate(tensor.dtype, elementCount(shape));
  const inner = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 1;
  const index = shape.slice(0, -1).fill(0);
  let row = view.offset;
  for (let at = 0; at < data.length; at += inner) {
    for (let i = 0, from = row; i < inner; i++, from += step) data[at + i] = tensor.data[from] as never; // same array type
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      row += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      row -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return { dtype: tensor.dtype, shape, data };
}

/** Row-major strides in elements. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = [...shape];
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** The elements at all combinations of `picks`, one list of positions an axis. */
export function picked(x: Tensor, picks: readonly Int32Array[]): Tensor {
  let positions = Int32Array.of(0);
  for (const [axis, pick] of picks.entries()) {
    const dim = x.shape[axis] ?? 1;
    const next = new Int32Array(positions.length * pick.length);
    let at = 0;
    for (const position of positions) for (const element of pick) next[at++] = position * dim + element;
    positions = next;
  }
  const data = allocate(x.dtype, positions.length);
  for (let i = 0; i < data.length; i++) data[i] = x.data[positions[i] as number] as never; // same array type
  return { dtype: x.dtype, shape: picks.map((pick) => pick.length), data };
}
