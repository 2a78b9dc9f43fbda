import type { Dim } from "../graph.ts";
import { OpError } from "../op.ts";
import { type Tensor, type TensorData, allocate, elementCount } from "../tensor.ts";

/**
 * Dims of the result of an element-wise op on operands of different shapes.
 *
 * Shapes are aligned at the end; 1 gives way to the other dim. A name meets its own name, or gives way to a size above
 * 1. Two names, or an unknown shape: null. Errors: OP_SHAPE for two different sizes above 1.
 * Source: github.com/onnx/onnx/blob/main/docs/Broadcasting.md
 */
export function broadcastDims(a: readonly Dim[] | null, b: readonly Dim[] | null): readonly Dim[] | null {
  if (a === null || b === null) return null;
  const rank = Math.max(a.length, b.length);
  const dims: (Dim | null)[] = [];
  for (let i = 0; i < rank; i++) {
    dims.push(joinDims(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1, { a, b }));
  }
  const known = dims.filter((dim) => dim !== null);
  return known.length === rank ? known : null;
}

/** `broadcastDims` of shapes without open dims. */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  return (broadcastDims(a, b) ?? []).map(Number);
}

function joinDims(x: Dim, y: Dim, whole: { readonly a: readonly Dim[]; readonly b: readonly Dim[] }): Dim | null {
  if (x === y || y === 1) return x;
  if (x === 1) return y;
  if (typeof x === "string") return typeof y === "number" ? y : null;
  if (typeof y === "string") return x;
  throw new OpError("OP_SHAPE", `shapes [${whole.a.join(", ")}] and [${whole.b.join(", ")}] do not broadcast`);
}

/** The tensor's numbers repeated to fill `shape`; its own storage when nothing repeats. */
export function expandTo(tensor: Tensor, shape: readonly number[]): TensorData {
  const { data } = tensor;
  const elements = elementCount(shape);
  if (data.length === elements) return data;
  const expanded = allocate(tensor.dtype, elements);
  if (data.length === 1) return expanded.fill((data[0] ?? 0) as never); // the element type is the array's own
  const positions = positionsIn(tensor.shape, shape);
  for (let i = 0; i < elements; i++) expanded[i] = data[positions[i] ?? 0] ?? 0;
  return expanded;
}

/** For each element of `shape`, the row-major position of the element of `inner` that it repeats. */
export function positionsIn(inner: readonly number[], shape: readonly number[]): Int32Array {
  const offset = shape.length - inner.length;
  let positions = Int32Array.of(0);
  let stride = elementCount(inner);
  for (const [axis, dim] of shape.entries()) {
    const own = axis < offset ? 1 : (inner[axis - offset] ?? 1);
    if (axis >= offset) stride /= own || 1;
    const step = own === 1 ? 0 : stride;
    const next = new Int32Array(positions.length * dim);
    let at = 0;
    for (const position of positions) for (let i = 0; i < dim; i++) next[at++] = position + i * step;
    positions = next;
  }
  return positions;
}
