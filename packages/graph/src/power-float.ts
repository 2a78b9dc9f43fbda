import { exponentOf } from "./rounding.ts";

/** Where a number between two powers of two goes: away from zero, towards zero, or to the nearer one with ties upward. */
export type PowerRounding = "up" | "down" | "nearest";

const MIN_EXPONENT = -127;
const MAX_EXPONENT = 127;

/**
 * float8e8m0: a power of two without sign, 2^-127 to 2^127, or NaN.
 *
 *   |x| rounded to a power of two; 0 becomes 2^-127; infinity and NaN become NaN
 *   above 2^127: 2^127 when `saturate`, else NaN
 *
 * Source: onnx.ai/onnx/technical/float8.html (E8M0); OCP Microscaling Formats (MX) 1.0, section 5.4.1.
 */
export function roundToPower(x: number, rounding: PowerRounding, saturate: boolean): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < Infinity)) return NaN;
  if (magnitude <= 2 ** MIN_EXPONENT) return 2 ** MIN_EXPONENT;
  const below = exponentOf(magnitude);
  const fraction = magnitude / 2 ** below;
  const raised = rounding === "up" ? fraction > 1 : rounding === "nearest" && fraction >= 1.5;
  const exponent = below + (raised ? 1 : 0);
  if (exponent <= MAX_EXPONENT) return 2 ** exponent;
  return saturate ? 2 ** MAX_EXPONENT : NaN;
}

/** Code of a power of two: its exponent + 127; 255 is NaN. */
export function encodePower(x: number): number {
  return Number.isNaN(x) ? 255 : exponentOf(x) - MIN_EXPONENT;
}

export function decodePower(code: number): number {
  return code === 255 ? NaN : 2 ** (code + MIN_EXPONENT);
}
