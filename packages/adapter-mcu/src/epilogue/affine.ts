import { biasInterval, biasProblem } from "./bias-interval.ts";
import { type Channel, isMonotone } from "./channel.ts";
import { fitsInt32, highWord } from "./high-word.ts";
import { provesEqual } from "./proof.ts";
import { nearest } from "./range.ts";
import { thresholdsOf } from "./thresholds.ts";

/** What all channels of a layer share in the two-instruction epilogue. */
export interface AffineForm {
  /** k: the accumulator register holds 2^k · x. */
  readonly accumulatorBits: number;
  /** D: the addend of SMMLA, int32. */
  readonly addend: number;
  /** s: the right shift inside SSAT, 0 to 31. */
  readonly shift: number;
}

/** What a channel has of its own. */
export interface Affine {
  /** b': added to the accumulator's start value in units of 2^−k; registers hold it modulo 2^32, an int32 for all but huge sums. */
  readonly bias: number;
  /** m: in (0, 2^31). */
  readonly multiplier: number;
}

/**
 * The epilogue before its saturation.
 *
 *   value = (D + floor((2^k · x + b') · m / 2^32)) >> s                   SMMLA r, acc, m, D; then SSAT y, #8, r, ASR #s
 *
 * Never falls in x, since m > 0. Source: Arm Architecture Reference Manual, SMMLA and SSAT.
 */
export function affineValue({ accumulatorBits, addend, shift }: AffineForm, { bias, multiplier }: Affine, x: number): number {
  return Math.floor((addend + highWord(x * 2 ** accumulatorBits + bias, multiplier)) / 2 ** shift);
}

/** Whether accumulator and sum stay in int32 over the channel's interval; both are largest at its ends. */
export function affineFits(channel: Channel, { accumulatorBits, addend }: AffineForm, { bias, multiplier }: Affine): boolean {
  const { min, max } = channel.accumulator;
  return [min, max].every((x) => {
    const accumulator = x * 2 ** accumulatorBits + bias;
    return fitsInt32(accumulator) && fitsInt32(addend + highWord(accumulator, multiplier));
  });
}

/** Multipliers tried on either side of the ideal one: the range of exact ones is some dozens wide where there is one. */
const SPAN = 2048;

/**
 * Bias and multiplier with which the two-instruction epilogue equals the channel's reference for every sum that occurs,
 * proved; null where none is found.
 *
 *   level v at threshold T:  ceil((v · 2^s − D) · 2^32 / m) − 2^k · T  <=  b'  <=  ceil(…) − 1 − 2^k · (T − 1)
 *
 * Each multiplier near the ideal m = factor · 2^(32 + s − k) leaves an interval of biases, the intersection over all
 * thresholds. The scan computes in doubles and may miss; what it finds is proved in exact numbers. The two roundings of
 * the reference are one floor above the zero point, not below: made for layers that clamp at their zero point. A clamp
 * inside int8 that sums reach has no solution.
 */
export function solveAffine(channel: Channel, form: AffineForm, thresholds?: Float64Array): Affine | null {
  if (!solvable(channel, form)) return null;
  const task = { channel, form, thresholds: thresholds ?? thresholdsOf(channel) };
  const problem = biasProblem(task);
  for (const multiplier of multipliersNear(channel, form)) {
    const biases = biasInterval(problem, multiplier);
    if (biases === null) continue;
    const found = { bias: nearest(biases, 0), multiplier };
    if (affineFits(channel, form, found) && provesEqual(channel, (x) => affineValue(form, found, x), task.thresholds)) return found;
  }
  return null;
}

/** Whether the form itself can be encoded and the reference never falls. */
export function solvable(channel: Channel, { shift, addend }: AffineForm): boolean {
  return isMonotone(channel) && shift >= 0 && shift <= 31 && fitsInt32(addend);
}

/**
 * Multipliers in (0, 2^31): the ideal one, its neighbours outwards, then powers of two.
 *
 * A channel with hardly a threshold may lie so far from 0 that the ideal multiplier asks for a bias beyond int32; any
 * other multiplier does as well.
 */
export function* multipliersNear({ multiplier, shift }: Channel, form: AffineForm): Generator<number> {
  const ideal = Math.round(multiplier * 2 ** (shift + 1 + form.shift - form.accumulatorBits));
  for (let i = 0; i <= 2 * SPAN; i++) {
    const candidate = ideal + (i % 2 === 0 ? i / 2 : -(i + 1) / 2);
    if (candidate >= 1 && candidate < 2147483648) yield candidate;
  }
  for (let bits = 30; bits >= 0; bits--) yield 2 ** bits;
}
