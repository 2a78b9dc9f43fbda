import { invariant } from "../invariant.ts";
import type { Attrs } from "../graph.ts";
import type { Quant } from "../quant.ts";
import { type Multiplier, roundAway } from "./fixed-point.ts";

/**
 * Real factors and real limits as integers.
 *
 *   real = fraction · 2^shift, 0.5 <= |fraction| < 1;  multiplier = round(fraction · 2^31), ties away from zero
 *   a fraction that rounds up to 1 becomes 0.5 and shift + 1; |real| < 2^−32 becomes 0
 *   limit → zeroPoint + round(float32(limit / scale)), held within the range of the type
 *
 * Source: TFLite kernels/internal/quantization_util.cc (QuantizeMultiplier) and kernels/kernel_util.cc
 * (CalculateActivationRangeQuantized).
 */
export function multiplierOf(real: number): Multiplier {
  invariant(Number.isFinite(real), `a multiplier is finite, not ${real}`);
  if (real === 0) return { multiplier: 0, shift: 0 };
  let { fraction, exponent } = splitExponent(real);
  let multiplier = roundAway(fraction * 2147483648);
  if (Math.abs(multiplier) === 2147483648) {
    multiplier /= 2;
    exponent += 1;
  }
  return exponent < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift: exponent };
}

/** C's `frexp` for a finite number other than 0: x = fraction · 2^exponent, 0.5 <= |fraction| < 1. Exact. */
export function splitExponent(x: number): { readonly fraction: number; readonly exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  // A subnormal number gets a normal exponent first.
  const lifted = Math.abs(x) < 2 ** -1022 ? 64 : 0;
  bits.setFloat64(0, x * 2 ** lifted);
  const high = bits.getUint32(0);
  bits.setUint32(0, (high & 0x800fffff) | (1022 << 20));
  return { fraction: bits.getFloat64(0), exponent: ((high >>> 20) & 0x7ff) - 1022 - lifted };
}

/** Smallest and largest stored number of a result, both included. */
export interface StoredRange {
  readonly min: number;
  readonly max: number;
}

/** Bounds that a fused clamp (`clampMin`, `clampMax`, real numbers) puts on an int8 result. */
export function activationRange(quant: Quant, attrs: Attrs): StoredRange {
  const { clampMin, clampMax } = attrs;
  return storedRange(quant, typeof clampMin === "number" ? clampMin : -Infinity, typeof clampMax === "number" ? clampMax : Infinity);
}

/** Stored numbers for the real limits [low, high]; an infinite limit is that of int8. */
export function storedRange(quant: Quant, low: number, high: number): StoredRange {
  const { scale, zeroPoint } = perTensor(quant);
  const stored = (limit: number): number => zeroPoint + roundAway(Math.fround(Math.fround(limit) / scale));
  const min = low === -Infinity ? -128 : Math.min(127, Math.max(-128, stored(low)));
  const max = high === Infinity ? 127 : Math.min(127, Math.max(-128, stored(high)));
  return { min, max };
}

/** The one scale and zero point of a value that is not quantized per channel. */
export function perTensor(quant: Quant): { readonly scale: number; readonly zeroPoint: number } {
  const scale = quant.scale[0];
  const zeroPoint = quant.zeroPoint[0];
  invariant(quant.scale.length === 1 && scale !== undefined && zeroPoint !== undefined, "one scale and zero point for an activation");
  return { scale, zeroPoint };
}

/**
 * One multiplier a channel for a sum of input · weight products.
 *
 *   real = inputScale · weightScale / outputScale, in double
 */
export function channelMultipliers(scales: { readonly input: Quant; readonly weight: Quant; readonly output: Quant }, channels: number): readonly Multiplier[] {
  const input = perTensor(scales.input).scale;
  const output = perTensor(scales.output).scale;
  const weights = scales.weight.scale;
  invariant(weights.length === 1 || weights.length === channels, `${weights.length} weight scales for ${channels} channels`);
  return Array.from({ length: channels }, (_, c) => multiplierOf((input * (weights[weights.length === 1 ? 0 : c] ?? 0)) / output));
}
