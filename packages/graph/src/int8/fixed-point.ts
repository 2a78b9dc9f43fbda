/**
 * Fixed-point products of int32 numbers, in doubles that never round.
 *
 *   highMul(a, b) = floor((a·b + 2^30) / 2^31)          nearest, ties up; saturates only for a = b = −2^31
 *   shiftRound(x, n) = x / 2^n                          nearest, ties away from zero
 *   scaleBy(x, {multiplier, shift}) = x · multiplier / 2^31 · 2^shift, by highMul and then shiftRound: two roundings
 *
 * Operands and results are int32; a left shift that leaves int32 wraps. Not for 16-bit operands (see hardswish).
 * Source: gemmlowp fixedpoint/fixedpoint.h (SaturatingRoundingDoublingHighMul, RoundingDivideByPOT) and TFLite
 * kernels/internal/common.h (MultiplyByQuantizedMultiplier, double rounding).
 */

/** A real factor as multiplier / 2^31 · 2^shift, with the multiplier in [2^30, 2^31) or 0; shift from −31 to 31. */
export interface Multiplier {
  readonly multiplier: number;
  readonly shift: number;
}

const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;

/** floor((a·b + 2^30) / 2^31). The product is split at 16 bits of `a`, so that each part stays below 2^48. */
export function highMul(a: number, b: number): number {
  if (a === INT32_MIN && b === INT32_MIN) return INT32_MAX;
  const high = (a >> 16) * b;
  const low = (a & 0xffff) * b + 1073741824;
  return Math.floor((high + Math.floor(low / 65536)) / 32768);
}

/** x / 2^exponent for an exponent of 0 to 31, ties away from zero. */
export function shiftRound(x: number, exponent: number): number {
  const mask = ((1 << exponent) - 1) | 0;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/** x · multiplier / 2^31 · 2^shift, rounded twice. */
export function scaleBy(x: number, multiplier: number, shift: number): number {
  return shift > 0 ? highMul(x << shift, multiplier) : shiftRound(highMul(x, multiplier), -shift);
}

/** The nearest whole number, ties away from zero: C's `round`. Exact for float32 values and for |x| < 2^51. */
export function roundAway(x: number): number {
  return x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5);
}
