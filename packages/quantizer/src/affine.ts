import type { Quant } from "@edgewise/graph";
import type { Range } from "./ranges.ts";

/** Least scale: below it a float32 number loses digits. */
const LEAST_SCALE = 2 ** -100;

/**
 * int8 facts of an activation from its range.
 *
 *   the range is widened to hold 0;  scale = float32((high − low) / 255)
 *   zeroPoint = round(−128 − low / scale), held within int8: 0 is stored exactly
 *   a range of only 0 gets scale 1, zero point 0
 *
 * Source: Jacob et al. 2018, arxiv.org/abs/1712.05877, section 3.
 */
export function activationQuant([low, high]: Range): Quant {
  const least = Math.min(0, low);
  const most = Math.max(0, high);
  if (least === 0 && most === 0) return affine([1], [0]);
  const scale = Math.max(LEAST_SCALE, Math.fround((most - least) / 255));
  const zeroPoint = Math.min(127, Math.max(-128, Math.round(-128 - least / scale)));
  return affine([scale], [zeroPoint]);
}

/**
 * Facts of zero point 0 from a range: scale = float32(max |range| / most), a range of only 0 getting scale 1.
 *
 * `most` is the largest stored number. Source: TensorFlow Lite's 16x8 quantization specification.
 */
export function symmetricQuant([low, high]: Range, most: number): Quant {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return affine([largest === 0 ? 1 : Math.max(LEAST_SCALE, Math.fround(largest / most))], [0]);
}

export function affine(scale: readonly number[], zeroPoint: readonly number[], axis: number | null = null): Quant {
  return { kind: "affine", scale, zeroPoint, axis };
}

/** A weight tensor and what bounds its scales. */
export interface WeightFacts {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  readonly axis: number;
  /** Largest size of the bias of each channel divided by the input's scale; missing: no bias. */
  readonly biasSteps?: readonly number[];
  /** Most steps that a bias may have; left out: half of the int32 range, so that sums of products have the other half. */
  readonly biasLimit?: number;
}

const BIAS_LIMIT = 2 ** 30;

/**
 * Symmetric int8 facts of a weight, one scale a channel.
 *
 *   scale[c] = float32(max(max |w[c]| / 127, |bias[c]| / inputScale / biasLimit)), zero point 0
 *
 * The second term keeps the bias, whose scale is inputScale · scale[c], within its type; it decides for channels whose
 * weights are zero or tiny. A channel without weights and bias gets scale 1. Source: adr/0002.
 */
export function weightQuant({ shape, data, axis, biasSteps, biasLimit = BIAS_LIMIT }: WeightFacts): Quant {
  const largest = largestByChannel(shape, data, axis);
  const scale = Array.from(largest, (most, c) => {
    const wanted = Math.max(most / 127, (biasSteps?.[c] ?? 0) / biasLimit);
    return wanted === 0 ? 1 : Math.max(LEAST_SCALE, roundedUp(wanted));
  });
  return affine(scale, scale.map(() => 0), axis);
}

/** The float32 number at or above x, so that the largest weight never leaves the range. */
function roundedUp(x: number): number {
  const near = Math.fround(x);
  return near >= x ? near : Math.fround(near * (1 + 2 ** -23));
}

function largestByChannel(shape: readonly number[], data: ArrayLike<number>, axis: number): Float64Array {
  const channels = shape[axis] ?? 1;
  const block = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const largest = new Float64Array(channels);
  for (let start = 0, c = 0; start < data.length; start += block, c = (c + 1) % channels) {
    let most = largest[c] ?? 0;
    for (let i = start; i < start + block; i++) most = Math.max(most, Math.abs(data[i] ?? 0));
    largest[c] = most;
  }
  return largest;
}

/** Real numbers → int8 by symmetric per-channel facts, held within [−127, 127]; nearest, ties away from zero. */
export function storeWeights({ shape, data, axis }: WeightFacts, { scale }: Quant): Int8Array {
  const channels = shape[axis] ?? 1;
  const block = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const stored = new Int8Array(data.length);
  for (let start = 0, c = 0; start < data.length; start += block, c = (c + 1) % channels) {
    const step = scale[c] ?? 1;
    for (let i = start; i < start + block; i++) {
      const steps = nearest((data[i] ?? 0) / step);
      stored[i] = steps > 127 ? 127 : steps < -127 ? -127 : steps;
    }
  }
  return stored;
}

/** The nearest whole number, ties away from zero. */
export function nearest(x: number): number {
  return x < 0 ? -Math.round(-x) : Math.round(x);
}
