import type { Verdict } from "../schema/plan.ts";
import type { PreferKey, Target } from "../schema/spec.ts";

/** What a candidate is worth on a key; lower is better. Unknown is worse than everything. */
function worth(verdict: Verdict, key: PreferKey, ranking: (verdict: Verdict) => number): number {
  if (key === "accuracy") return ranking(verdict);
  const cost = verdict.costs[key];
  return cost === undefined ? Infinity : cost.expected;
}

/**
 * The definition of the choice, as slow and plain as it can be said. Meant to be easy to read, and to be believed:
 * keep what is within tolerance of the best on the first key, then on the second, …; then the exactly smallest.
 */
export function bruteForceChoice(feasible: readonly Verdict[], target: Target, ranking: (verdict: Verdict) => number): Verdict | null {
  const { order, tolerance } = target.prefer;
  let left = [...feasible];
  for (const key of order) {
    const best = Math.min(...left.map((verdict) => worth(verdict, key, ranking)));
    const limit = best < 0 ? best * (1 - tolerance) : best * (1 + tolerance);
    left = left.filter((verdict) => worth(verdict, key, ranking) <= limit);
  }
  for (const key of order) {
    const best = Math.min(...left.map((verdict) => worth(verdict, key, ranking)));
    left = left.filter((verdict) => worth(verdict, key, ranking) === best);
  }
  const ids = left.map(({ candidate }) => candidate.id).sort();
  return left.find(({ candidate }) => candidate.id === ids[0]) ?? null;
}

/** The full order: take the choice out, choose again. */
export function bruteForceOrder(feasible: readonly Verdict[], target: Target, ranking: (verdict: Verdict) => number): readonly Verdict[] {
  const order: Verdict[] = [];
  let left = [...feasible];
  for (let choice = bruteForceChoice(left, target, ranking); choice !== null; choice = bruteForceChoice(left, target, ranking)) {
    order.push(choice);
    left = left.filter((verdict) => verdict !== choice);
  }
  return order;
}
