import { Z95, wilson } from "./wilson.ts";

/**
 * Samples with which a model that is right at `rate` proves "at least `limit`" by its Wilson lower bound.
 *
 *   n = z² · limit · (1 − limit) / (rate − limit)²
 *
 * The closed form is the Wilson bound solved for n, rounded up; with rate 1 it is z² · limit / (1 − limit), what no
 * result on fewer samples can prove. Null where rate ≤ limit: no number of samples proves what is not so.
 */
export function samplesNeeded(rate: number, limit: number): number | null {
  if (rate <= limit) return null;
  const exact = (Z95 * Z95 * limit * (1 - limit)) / (rate - limit) ** 2;
  if (!Number.isSafeInteger(Math.ceil(exact) + 1)) return null;
  const near = Math.max(1, Math.ceil(exact - 1e-6));
  return wilson(rate * near, near).low >= limit ? near : near + 1;
}
