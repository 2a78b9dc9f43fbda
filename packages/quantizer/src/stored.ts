import type { Quant } from "@edgewise/graph";
import { nearest } from "./affine.ts";

/** Real numbers as int8 or int16 by a fact of one scale: clamp(zero + x / scale), nearest, ties away from zero. */
export function storedOf(data: ArrayLike<number>, { scale, zeroPoint }: Quant, dtype: "int8" | "int16"): Int8Array | Int16Array {
  const step = scale[0] ?? 1;
  const zero = zeroPoint[0] ?? 0;
  const most = dtype === "int8" ? 127 : 32767;
  const stored = (_: unknown, i: number): number => Math.min(most, Math.max(-most - 1, zero + nearest((data[i] ?? 0) / step)));
  return dtype === "int8" ? Int8Array.from({ length: data.length }, stored) : Int16Array.from({ length: data.length }, stored);
}
