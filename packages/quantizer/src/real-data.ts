import type { Value } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";

/** A float constant's contents, row-major, as numbers. */
export function realData(value: Value): Float64Array {
  return Float64Array.from(decodeConstant(value).data as ArrayLike<number>); // float kinds are held in Float32Array and Float64Array
}
