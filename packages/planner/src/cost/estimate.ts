import { type Basis, type Estimate, bases } from "../schema/sourced.ts";

/** A cost, or the fact that is missing to state it. An unknown is never a number. */
export type Cost = Estimate | Missing;

export interface Missing {
  readonly missing: string;
}

const strength: ReadonlyMap<Basis, number> = new Map(bases.map((basis, position) => [basis, position]));

export function strengthOf(basis: Basis): number {
  return strength.get(basis) ?? 0;
}

/** An estimate is as strong as the weakest of its inputs. */
export function weaker(a: Basis, b: Basis): Basis {
  return strengthOf(b) < strengthOf(a) ? b : a;
}

export function isKnown(cost: Cost): cost is Estimate {
  return !("missing" in cost);
}

export function missing(fact: string): Missing {
  return { missing: fact };
}

/** All three values times a non-negative factor; what it was modelled from stays. */
export function scaled(estimate: Estimate, factor: number, basis: Basis): Estimate {
  return { ...estimate, low: estimate.low * factor, expected: estimate.expected * factor, high: estimate.high * factor, basis: weaker(estimate.basis, basis) };
}

/**
 * Two independent factors ≥ 1 around a product's middle as one: the excesses add as squares.
 *
 *   1 + √((a − 1)² + (b − 1)²)
 */
export function jointFactor(a: number, b: number): number {
  return 1 + Math.sqrt((a - 1) ** 2 + (b - 1) ** 2);
}
