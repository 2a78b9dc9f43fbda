import { invariant } from "@edgewise/graph";
import { type Channel, isMonotone, referenceOf } from "./channel.ts";

/** Steps of an int8 result: y >= −127 up to y >= 127. */
export const STEPS = 255;

/** The smallest result that step j (0 to 254) asks for. */
export function levelOf(step: number): number {
  return step - 127;
}

/**
 * Where the reference requantization of a channel steps up.
 *
 *   result[j] = smallest x in accumulator with y(x) >= levelOf(j);  accumulator.max + 1 where there is none
 *
 * 255 numbers, never falling: two functions of x that never fall are equal as int8 numbers over the whole interval when,
 * at each step, both reach the level at result[j] and neither does at result[j] − 1. Doubles, as accumulator.max + 1 may
 * leave int32. Does not apply to channels that wrap (`isMonotone`): throws.
 */
export function thresholdsOf(channel: Channel): Float64Array {
  invariant(isMonotone(channel), "steps are those of a function that never falls");
  invariant(channel.multiplier === 0 || channel.multiplier >= 1073741824, "a multiplier of 0 or in [2^30, 2^31)");
  const { multiplier, shift, outputZero, accumulator: { min, max }, range } = channel;
  const factor = multiplier * 2 ** (shift - 31);
  const steps = new Float64Array(STEPS);
  for (let j = 0; j < STEPS; j++) {
    const level = levelOf(j);
    // Beyond the clamp every sum or none reaches the level.
    if (level <= range.min || level > range.max || factor === 0) {
      steps[j] = referenceOf(channel, min) >= level ? min : max + 1;
      continue;
    }
    steps[j] = settle(channel, level, Math.ceil((level - outputZero - 0.5) / factor));
  }
  return steps;
}

/** Walks from a guess to the smallest sum that reaches the level: the two roundings move it by less than three. */
function settle(channel: Channel, level: number, guess: number): number {
  const { min, max } = channel.accumulator;
  // Plus 0: a guess of −0 becomes 0.
  let x = Math.min(Math.max(guess, min), max + 1) + 0;
  while (x > min && referenceOf(channel, x - 1) >= level) x--;
  while (x <= max && referenceOf(channel, x) < level) x++;
  return x;
}
