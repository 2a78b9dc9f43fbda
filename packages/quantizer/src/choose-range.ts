import { BINS, type Histogram, middle } from "./histogram.ts";
import type { Range } from "./ranges.ts";

export type Method = "min-max" | "percentile" | "mse";

/** Share of the numbers that the percentile method keeps, both tails together cut. */
export const PERCENTILE = 0.9999;
/** Candidate limits a side for the least square error, evenly spaced from none to all of the range. */
const STEPS = 128;

/**
 * The range of a value from its histogram, as float32 numbers.
 *
 *   min-max     the least and the largest number seen
 *   percentile  the least range without the (1 − PERCENTILE) / 2 outermost numbers at each end, within min-max
 *   mse         the range of least expected square error: step² / 12 for a number inside it that is not 0,
 *               (x − limit)² outside; step = (high − low) / 255; a grid of limits on both sides
 *
 * Source for mse: Banner et al. 2019, arxiv.org/abs/1810.05723 (here on the empirical distribution).
 */
export function chooseRange(histogram: Histogram, method: Method): Range {
  if (!(histogram.low <= histogram.high)) return [0, 0];
  const [low, high] = method === "min-max" ? [histogram.low, histogram.high] : method === "percentile" ? percentileRange(histogram) : leastErrorRange(histogram);
  return [Math.fround(low), Math.fround(high)];
}

function percentileRange(histogram: Histogram): Range {
  const { counts, zeros, width } = histogram;
  const total = counts.reduce((sum, count) => sum + count, zeros);
  const cut = (total * (1 - PERCENTILE)) / 2;
  const at = (i: number): number => (counts[i] ?? 0) + (i === BINS / 2 ? zeros : 0);
  let first = 0;
  for (let below = at(0); below <= cut && first < BINS - 1; below += at(first)) first += 1;
  let last = BINS - 1;
  for (let above = at(last); above <= cut && last > first; above += at(last)) last -= 1;
  return [Math.max(histogram.low, (first - BINS / 2) * width), Math.min(histogram.high, (last + 1 - BINS / 2) * width)];
}

/** Running sums over bins: of counts, of x and of x², before bin i. */
interface Moments {
  readonly n: Float64Array;
  readonly x: Float64Array;
  readonly x2: Float64Array;
}

function momentsOf(histogram: Histogram): Moments {
  const moments = { n: new Float64Array(BINS + 1), x: new Float64Array(BINS + 1), x2: new Float64Array(BINS + 1) };
  for (let i = 0; i < BINS; i++) {
    const count = histogram.counts[i] ?? 0;
    const x = middle(histogram, i);
    moments.n[i + 1] = (moments.n[i] ?? 0) + count;
    moments.x[i + 1] = (moments.x[i] ?? 0) + count * x;
    moments.x2[i + 1] = (moments.x2[i] ?? 0) + count * x * x;
  }
  return moments;
}

function leastErrorRange(histogram: Histogram): Range {
  const lowest = Math.min(0, histogram.low);
  const highest = Math.max(0, histogram.high);
  const moments = momentsOf(histogram);
  let best: Range = [lowest, highest];
  let least = Infinity;
  for (let i = STEPS; i >= (lowest < 0 ? 1 : STEPS); i--) {
    for (let j = STEPS; j >= (highest > 0 ? 1 : STEPS); j--) {
      const range: Range = [(lowest * i) / STEPS, (highest * j) / STEPS];
      const error = squareError(histogram, moments, range);
      if (error < least) {
        least = error;
        best = range;
      }
    }
  }
  return best;
}

function squareError(histogram: Histogram, { n, x, x2 }: Moments, [low, high]: Range): number {
  const binOf = (limit: number): number => Math.min(BINS, Math.max(0, Math.round(limit / histogram.width) + BINS / 2));
  const from = binOf(low);
  const to = Math.max(from, binOf(high));
  const between = (sums: Float64Array, a: number, b: number): number => (sums[b] ?? 0) - (sums[a] ?? 0);
  const outside = (a: number, b: number, limit: number): number => between(x2, a, b) - 2 * limit * between(x, a, b) + limit * limit * between(n, a, b);
  const step = (high - low) / 255;
  return outside(0, from, low) + outside(to, BINS, high) + between(n, from, to) * ((step * step) / 12);
}
