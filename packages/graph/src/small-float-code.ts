import { exponentOf } from "./rounding.ts";
import type { SmallFloat } from "./small-float.ts";

/** Code of a number that the format represents. */
export function encodeSmallFloat(x: number, format: SmallFloat): number {
  const { exponentBits, mantissaBits, bias } = format;
  const signBit = 2 ** (exponentBits + mantissaBits);
  const top = (2 ** exponentBits - 1) * 2 ** mantissaBits;
  if (Number.isNaN(x)) {
    if (format.nan === "ieee") return top + 2 ** (mantissaBits - 1);
    return format.nan === "ones" ? signBit - 1 : signBit;
  }
  const sign = x < 0 || Object.is(x, -0) ? signBit : 0;
  const magnitude = Math.abs(x);
  if (magnitude === Infinity) return sign + top;
  const exponent = exponentOf(magnitude);
  if (exponent < 1 - bias) return sign + magnitude / 2 ** (1 - bias - mantissaBits);
  return sign + (exponent + bias) * 2 ** mantissaBits + (magnitude / 2 ** exponent - 1) * 2 ** mantissaBits;
}

/** Number of a code. */
export function decodeSmallFloat(code: number, format: SmallFloat): number {
  const { exponentBits, mantissaBits, bias } = format;
  const signBit = 2 ** (exponentBits + mantissaBits);
  const magnitude = code % signBit;
  const sign = code >= signBit ? -1 : 1;
  const exponent = Math.floor(magnitude / 2 ** mantissaBits);
  const mantissa = magnitude % 2 ** mantissaBits;
  if (format.nan === "sign" && code === signBit) return NaN;
  if (format.nan === "ones" && magnitude === signBit - 1) return NaN;
  if (format.nan === "ieee" && exponent === 2 ** exponentBits - 1) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - mantissaBits);
  return sign * (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - bias);
}
