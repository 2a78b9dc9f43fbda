import { wilson } from "./wilson.ts";

export interface RateSoFar {
  readonly correct: number;
  readonly samples: number;
  /** Samples of the half; `available − samples` are still to be run. */
  readonly available: number;
}

/**
 * Curtailed test of "the Wilson lower bound over all `available` samples reaches `limit`".
 *
 *   met     even if every remaining answer is wrong
 *   missed  even if every remaining answer is right
 *   open    otherwise
 *
 * It never differs from the verdict on all samples, so stopping early costs no confidence: looking often at an
 * ordinary interval and stopping at the first good moment would.
 */
export function decideRate(seen: RateSoFar, limit: number): "met" | "missed" | "open" {
  if (wilson(seen.correct, seen.available).low >= limit) return "met";
  return attainable(seen) < limit ? "missed" : "open";
}

/** The highest Wilson lower bound that is still possible: every remaining answer is right. */
export function attainable({ correct, samples, available }: RateSoFar): number {
  return wilson(correct + available - samples, available).low;
}

/** The Wilson lower bound over all samples, should the remaining answers be right as often as those so far. */
export function likelyBound({ correct, samples, available }: RateSoFar): number {
  return wilson(samples === 0 ? 0 : (correct / samples) * available, available).low;
}
