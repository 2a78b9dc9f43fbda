import type { Channel } from "./channel.ts";
import { STEPS, levelOf, thresholdsOf } from "./thresholds.ts";

/** A cheaper requantization before its saturation to int8: exact, never falling over the channel's sums. */
export type Candidate = (x: number) => number;

/**
 * Whether a candidate, saturated to int8, equals the channel's reference for every sum that occurs.
 *
 *   for each step j with threshold T:  T <= max  ⇒  candidate(T) >= levelOf(j);   T > min  ⇒  candidate(T − 1) < levelOf(j)
 *
 * Both functions never fall, so 255 pairs of values decide the whole interval. The caller vouches that the candidate
 * never falls, and that no intermediate number leaves its register at either end of the interval.
 */
export function provesEqual(channel: Channel, candidate: Candidate, thresholds: Float64Array = thresholdsOf(channel)): boolean {
  const { min, max } = channel.accumulator;
  for (let j = 0; j < STEPS; j++) {
    const level = levelOf(j);
    const x = thresholds[j] as number;
    if (x <= max && !(candidate(x) >= level)) return false;
    if (x > min && !(candidate(x - 1) < level)) return false;
  }
  return true;
}
