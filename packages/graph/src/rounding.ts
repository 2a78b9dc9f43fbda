import type { SmallFloat } from "./small-float.ts";

/**
 * The nearest number of a format, ties to even.
 *
 *   |rounded| > max, and infinity: max with the sign of x when `saturate`, else infinity, else NaN, else max
 *   NaN: NaN, or −0 in the format without NaN (as ONNX's tests store it; its text says the largest number)
 *   a format whose NaN is the code of −0 has no −0
 *
 * Source: onnx.ai/onnx/operators/onnx__Cast.html, tables of float 8 conversion.
 */
export function roundToFormat(x: number, format: SmallFloat, saturate: boolean): number {
  if (Number.isNaN(x)) return format.nan === "none" ? -0 : NaN;
  if (x === 0) return format.nan === "sign" ? 0 : x;
  const magnitude = Math.abs(x);
  const sign = x < 0 ? -1 : 1;
  const quantum = 2 ** (Math.max(exponentOf(magnitude), 1 - format.bias) - format.mantissaBits);
  const rounded = magnitude === Infinity ? magnitude : roundHalfEven(magnitude / quantum) * quantum;
  if (rounded === 0 && format.nan === "sign") return 0;
  if (rounded <= format.max) return sign * rounded;
  if (saturate || format.nan === "none") return sign * format.max;
  return format.infinity ? sign * Infinity : NaN;
}

/** Nearest whole number, ties to even. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

const scratch = new DataView(new ArrayBuffer(8));

/** floor(log2(x)) of a positive number; −1023 below the smallest normal double. */
export function exponentOf(x: number): number {
  scratch.setFloat64(0, x);
  return ((scratch.getUint32(0) >>> 20) & 0x7ff) - 1023;
}
