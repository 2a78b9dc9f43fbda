import type { AffineForm } from "./affine.ts";
import type { Channel } from "./channel.ts";
import type { Interval } from "./range.ts";
import { STEPS, levelOf } from "./thresholds.ts";

/**
 * Which biases suit a multiplier m.
 *
 *   level v at threshold T:  (2^k · T + b) · m >= (v · 2^s − D) · 2^32        and less at T − 1
 *
 * Parallel arrays, one entry a step: numerator (v · 2^s − D) · 2^32; 2^k · T or Infinity where no sum must reach the level;
 * 2^k · (T − 1) or −Infinity where no sum must stay below it.
 */
export interface BiasProblem {
  readonly numerators: Float64Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
  /** Biases that keep the accumulator in int32. */
  readonly fits: Interval;
}

/** Steps in an order that meets far ones first, so that a bad multiplier is seen early. */
const scattered: readonly number[] = Array.from({ length: STEPS }, (_, i) => (i * 101) % STEPS);

export interface BiasTask {
  readonly channel: Channel;
  readonly form: AffineForm;
  readonly thresholds: Float64Array;
}

export function biasProblem({ channel, form, thresholds }: BiasTask): BiasProblem {
  const { min, max } = channel.accumulator;
  const unit = 2 ** form.accumulatorBits;
  // A step that all sums reach asks less than the highest such step; likewise one that none reaches.
  const asked = scattered.filter((j) => (thresholds[j + 1] ?? Infinity) > min && (thresholds[j - 1] ?? -Infinity) <= max);
  // A step outside the interval is asked of the interval's end.
  const first = asked.map((j) => Math.max(thresholds[j] as number, min));
  return {
    numerators: Float64Array.from(asked, (j) => (levelOf(j) * 2 ** form.shift - form.addend) * 4294967296),
    least: Float64Array.from(first, (x) => (x <= max ? x * unit : Infinity)),
    most: Float64Array.from(first, (x) => (x > min ? Math.min(x - 1, max) * unit : -Infinity)),
    fits: { min: -2147483648 - min * unit, max: 2147483647 - max * unit },
  };
}

/** The biases that `multiplier` leaves, in doubles: an end may be off by one; null when there is none. */
export function biasInterval({ numerators, least, most, fits }: BiasProblem, multiplier: number): Interval | null {
  let { min, max } = fits;
  for (let i = 0; i < numerators.length; i++) {
    const reach = Math.ceil((numerators[i] as number) / multiplier);
    const above = reach - (least[i] as number);
    const below = reach - 1 - (most[i] as number);
    if (above > min) min = above;
    if (below < max) max = below;
    if (min > max) return null;
  }
  return { min, max };
}
