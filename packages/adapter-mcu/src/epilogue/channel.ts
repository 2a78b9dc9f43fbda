import { type Multiplier, type StoredRange, scaleBy } from "@edgewise/graph/ops";
import type { Interval } from "./range.ts";

/**
 * The reference requantization of one output channel.
 *
 *   y(x) = clamp(outputZero + scaleBy(x, multiplier, shift), range.min, range.max),  x in accumulator
 *
 * x is the whole int32 sum, bias included. The multiplier is 0 or in [2^30, 2^31): scales are positive.
 */
export interface Channel extends Multiplier {
  readonly outputZero: number;
  /** Bounds of the stored result: int8 or a fused activation's. */
  readonly range: StoredRange;
  /** Sums that occur. */
  readonly accumulator: Interval;
}

const INT32 = 2147483648;

/** y(x), the reference's answer. */
export function referenceOf({ multiplier, shift, outputZero, range }: Channel, x: number): number {
  const y = outputZero + scaleBy(x, multiplier, shift);
  return y < range.min ? range.min : y > range.max ? range.max : y;
}

/**
 * Whether y(x) never falls as x grows.
 *
 * A factor of at least 0 and both roundings keep order; only a left shift that leaves int32 wraps. With it holds:
 * x · 2^max(shift, 0) within int32 at both ends.
 */
export function isMonotone({ multiplier, shift, accumulator }: Channel): boolean {
  const lift = 2 ** Math.max(shift, 0);
  return multiplier >= 0 && accumulator.min <= accumulator.max && accumulator.min * lift >= -INT32 && accumulator.max * lift < INT32;
}
