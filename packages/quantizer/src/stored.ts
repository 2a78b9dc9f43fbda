import type { Quant } from "@edgewise/graph";
import { nearest } from "./affine.ts";

/** Real numbers as int8 by a fact of one scale: clamp(zero + x / scale), nearest, ties away from zero. */
export function storedOf(data: ArrayLike<number>, { scale, zeroPoint }: Quant): Int8Array {
  const step = scale[0] ?? 1;
  const zero = zeroPoint[0] ?? 0;
  return Int8Array.from({ length: data.length }, (_, i) => Math.min(127, Math.max(-128, zero + nearest((data[i] ?? 0) / step))));
}
