import { OpError } from "../op.ts";
import { elementCount } from "../tensor.ts";

/** Dims of two operands stretched to each other, aligned at the last axis. Source: onnx.ai/onnx/repo-docs/Broadcasting.html */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw new OpError("OP_SHAPE", `[${a.join(", ")}] and [${b.join(", ")}] do not broadcast`);
    return left === 1 ? right : left;
  });
}

/** For each element of `target`, row-major, the index of the element of a tensor of shape `from` that it reads. */
export function broadcastOffsets(from: readonly number[], target: readonly number[]): Int32Array {
  const offsets = new Int32Array(elementCount(target));
  let stride = 1;
  let block = 1;
  for (let axis = target.length - 1; axis >= 0; axis--) {
    const dim = target[axis] ?? 1;
    const size = from[from.length - target.length + axis] ?? 1;
    if (size > 1) {
      for (let i = 0; i < offsets.length; i++) offsets[i] = (offsets[i] ?? 0) + (Math.floor(i / block) % dim) * stride;
    }
    stride *= size;
    block *= dim;
  }
  return offsets;
}
