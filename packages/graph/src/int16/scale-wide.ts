import type { Multiplier } from "../int8/fixed-point.ts";

/** Where a wide number is split, so that products with 15 bits stay exact in doubles. */
const SPLIT = 2 ** 20;

/**
 * A sum of 48 bits times a real factor, rounded once.
 *
 *   m = 15 bits of the multiplier: (multiplier + 2^15) >> 16, at most 2^15 − 1
 *   y = floor((x · m + 2^(14 − shift)) / 2^(15 − shift))                  nearest, ties up; wraps at int32
 *
 * x within ±2^47, shift from −31 to 7. Source: TFLite kernels/internal/common.cc (MultiplyByQuantizedMultiplier of int64).
 */
export function scaleWide(x: number, { multiplier, shift }: Multiplier): number {
  const factor = multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff;
  const bits = 15 - shift;
  const high = Math.floor(x / SPLIT) * factor;
  const low = (x - Math.floor(x / SPLIT) * SPLIT) * factor + 2 ** (bits - 1);
  // Below 2^20 only results beyond int32 make the first product inexact.
  const y = bits >= 20 ? Math.floor((high + Math.floor(low / SPLIT)) / 2 ** (bits - 20)) : high * 2 ** (20 - bits) + Math.floor(low / 2 ** bits);
  return y | 0;
}
