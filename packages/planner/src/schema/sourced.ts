/**
 * How a number came to be, weakest first. Order is meaning: a budget may demand a level, and an estimate is as
 * strong as the weakest of its inputs.
 */
export const bases = ["unknown", "assumed", "modelled", "published", "emulated", "measured-similar", "measured"] as const;
export type Basis = (typeof bases)[number];

/** A number nobody can check is not a fact. `ref` is a URL, a datasheet with page, or a file in the catalog. */
export interface Sourced<T> {
  readonly value: T;
  readonly basis: Basis;
  readonly ref: string;
  /** ISO date on which the source was read or the measurement made. */
  readonly date: string;
}

/** low ≤ expected ≤ high. Limits are compared with the bad end; ranking uses the middle. */
export interface Estimate {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  readonly basis: Basis;
  /** What a time, and all that follows from it, was modelled from, where that is better than multiply-accumulates. */
  readonly from?: "instructions";
}
