import { type Affine, type AffineForm, affineValue, affineFits, multipliersNear, solvable } from "./affine.ts";
import { biasInterval, biasProblem } from "./bias-interval.ts";
import type { Channel } from "./channel.ts";
import { fitsInt32 } from "./high-word.ts";
import { provesEqual } from "./proof.ts";
import { descending } from "./range.ts";
import { thresholdsOf } from "./thresholds.ts";

/** What a channel has of its own in the four-instruction epilogue. */
export interface Signed extends Affine {
  /** e: taken from an accumulator below 0, in units of 2^−k; in [0, 2^31). */
  readonly dip: number;
}

/**
 * The epilogue for results on both sides of the zero point, before its saturation.
 *
 *   acc   = 2^k · x + b'
 *   value = affine(acc − (acc < 0 ? e : 0))           AND t, e, acc, ASR #31; SUB acc, acc, t; SMMLA; SSAT
 *
 * The reference rounds ties away from zero after its first rounding: below zero its steps come one unit of that
 * rounding later, which is one to two sums; e makes up for them. Never falls in x, since e >= 0 and m > 0.
 */
export function signedValue(form: AffineForm, { bias, multiplier, dip }: Signed, x: number): number {
  const below = x * 2 ** form.accumulatorBits + bias < 0;
  return affineValue(form, { bias: below ? bias - dip : bias, multiplier }, x);
}

/** Whether every register stays in int32 over the channel's interval. */
export function signedFits(channel: Channel, form: AffineForm, { bias, multiplier, dip }: Signed): boolean {
  return fitsInt32(dip) && dip >= 0 && affineFits(channel, form, { bias, multiplier }) && affineFits(channel, form, { bias: bias - dip, multiplier });
}

/**
 * Bias, dip and multiplier with which the four-instruction epilogue equals the channel's reference for every sum that
 * occurs, proved; null where none is found.
 *
 * As `solveAffine`, with one interval of biases for sums below 0 and one for the others. The sign is that of the
 * biased accumulator, so a bias that reaches over a threshold fails the proof.
 */
export function solveSigned(channel: Channel, form: AffineForm, thresholds?: Float64Array): Signed | null {
  if (!solvable(channel, form)) return null;
  const task = { channel, form, thresholds: thresholds ?? thresholdsOf(channel) };
  const above = biasProblem(task, "others");
  const below = biasProblem(task, "negative");
  for (const multiplier of multipliersNear(channel, form)) {
    const biases = biasInterval(above, multiplier);
    const dipped = biases === null ? null : biasInterval(below, multiplier);
    const pair = biases === null || dipped === null ? null : descending(biases, dipped, 0);
    if (pair === null) continue;
    const found = { bias: pair.above, multiplier, dip: pair.above - pair.below };
    if (signedFits(channel, form, found) && provesEqual(channel, (x) => signedValue(form, found, x), task.thresholds)) return found;
  }
  return null;
}
