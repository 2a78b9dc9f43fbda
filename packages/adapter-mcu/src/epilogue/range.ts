import { invariant } from "@edgewise/graph";

/** Smallest and largest value of an integer, both included and both reached or safe bounds. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** What one output channel adds up. */
export interface SumOperands {
  /** All weights of the channel, any order. */
  readonly weights: ArrayLike<number>;
  readonly bias: number;
  /** Stored number that means 0. */
  readonly inputZero: number;
  /** Stored numbers that the input can take; int8 where nothing is known. */
  readonly input?: Interval;
}

/**
 * Exact interval of bias + Σ w · (q − inputZero) over all inputs q within `input`.
 *
 *   min = bias + Σ min(w · (input.min − inputZero), w · (input.max − inputZero)),  max likewise
 *
 * A tap that a border cuts off counts as q = inputZero, hence the interval is widened to hold the zero point. Exact for
 * sums below 2^53. The sums inside the interval fit int32 or the channel has no cheaper epilogue: the caller checks.
 */
export function accumulatorRange({ weights, bias, inputZero, input = { min: -128, max: 127 } }: SumOperands): Interval {
  invariant(input.min <= input.max, `an input within ${input.min} .. ${input.max}`);
  const least = Math.min(input.min - inputZero, 0);
  const most = Math.max(input.max - inputZero, 0);
  let min = bias;
  let max = bias;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    min += weight * (weight > 0 ? least : most);
    max += weight * (weight > 0 ? most : least);
  }
  return { min, max };
}

/** The number of an interval nearest to `target`, one away from its ends where it is wide enough. */
export function nearest({ min, max }: Interval, target: number): number {
  const margin = max - min >= 2 ? 1 : 0;
  return Math.min(Math.max(target, min + margin), max - margin) + 0;
}
