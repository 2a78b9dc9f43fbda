import type { PairedCounts } from "../schema/facts.ts";
import { type Interval, wilson } from "./wilson.ts";

export interface PairedDifference extends Interval {
  readonly expected: number;
}

/**
 * 95 % interval of p(float) − p(candidate), both run on the same samples: what is lost by the candidate.
 *
 *   expected = (lost − gained) / n
 *   low  = expected − √(a² − 2φab + b²),  a = p₁ − l₁, b = u₂ − p₂
 *   high = expected + √(c² − 2φcd + d²),  c = p₂ − l₂, d = u₁ − p₁
 *
 * l and u are Wilson bounds of each rate; φ is the correlation of the two, reduced by n/2 in its numerator when
 * positive. Narrower than two independent intervals because both models meet the same hard samples.
 * Source: Newcombe 1998 (paired data), method 10, doi.org/10.1002/(SICI)1097-0258(19981130)17:22<2635
 */
export function pairedDifference(counts: PairedCounts): PairedDifference {
  const { bothRight, lost, gained, bothWrong } = counts;
  const samples = bothRight + lost + gained + bothWrong;
  if (samples === 0) return { low: -1, expected: 0, high: 1 };
  const float = bounds(bothRight + lost, samples);
  const candidate = bounds(bothRight + gained, samples);
  const phi = correlation(counts, samples);
  const expected = (lost - gained) / samples;
  const below = combined(float.below, candidate.above, phi);
  const above = combined(candidate.below, float.above, phi);
  return { low: Math.max(-1, expected - below), expected, high: Math.min(1, expected + above) };
}

/**
 * Two-sided exact McNemar test: probability of a split of the discordant pairs at least as uneven as this one, if
 * both models were equally good. Source: McNemar 1947, doi.org/10.1007/BF02295996
 */
export function mcNemar(lost: number, gained: number): number {
  const discordant = lost + gained;
  let term = 0.5 ** discordant;
  if (term === 0) return normalTail(Math.abs(lost - gained) / Math.sqrt(discordant));
  let tail = 0;
  for (let count = 0; count <= Math.min(lost, gained); count += 1) {
    tail += term;
    term *= (discordant - count) / (count + 1);
  }
  return Math.min(1, 2 * tail);
}

function bounds(correct: number, samples: number): { readonly below: number; readonly above: number } {
  const { low, high } = wilson(correct, samples);
  return { below: correct / samples - low, above: high - correct / samples };
}

function combined(a: number, b: number, phi: number): number {
  return Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
}

function correlation({ bothRight, lost, gained, bothWrong }: PairedCounts, samples: number): number {
  const margins = (bothRight + lost) * (gained + bothWrong) * (bothRight + gained) * (lost + bothWrong);
  if (margins === 0) return 0;
  const excess = bothRight * bothWrong - lost * gained;
  return (excess > 0 ? Math.max(0, excess - samples / 2) : excess) / Math.sqrt(margins);
}

/** Two-sided tail of the standard normal, for more discordant pairs (> 1074) than a double's exponent can halve. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.min(1, (2 * Math.exp((-z * z) / 2) * series) / Math.sqrt(2 * Math.PI));
}
