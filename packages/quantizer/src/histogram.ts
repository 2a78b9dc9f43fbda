/**
 * Counts of a value's numbers, in bins that widen by doubling.
 *
 *   bin i holds x with floor(x / width) + BINS / 2 = i; width is the least power of two that covers all numbers seen
 *
 * Doubling merges neighbours exactly, so the result does not depend on the order of the samples. Exact zeros are
 * counted apart (they have no rounding error); NaN and infinities are counted as `lost`. Memory: BINS doubles a value.
 */
export interface Histogram {
  readonly counts: Float64Array;
  /** Width of one bin, a power of two; 0 while only zeros were seen. */
  width: number;
  low: number;
  high: number;
  zeros: number;
  lost: number;
}

/** 8 to 16 bins for each of the 255 steps of a non-negative range. */
export const BINS = 8192;
const HALF = BINS / 2;

export function newHistogram(): Histogram {
  return { counts: new Float64Array(BINS), width: 0, low: Infinity, high: -Infinity, zeros: 0, lost: 0 };
}

export function observe(histogram: Histogram, data: ArrayLike<number>): void {
  widen(histogram, data);
  const { counts, width } = histogram;
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? 0;
    if (x === 0) histogram.zeros += 1;
    else if (!Number.isFinite(x)) histogram.lost += 1;
    else {
      const bin = Math.floor(x / width) + HALF;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
}

function widen(histogram: Histogram, data: ArrayLike<number>): void {
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? 0;
    if (!Number.isFinite(x)) continue;
    if (x < histogram.low) histogram.low = x;
    if (x > histogram.high) histogram.high = x;
  }
  const reach = Math.max(-histogram.low, histogram.high);
  if (!(reach > 0)) return;
  if (histogram.width === 0) histogram.width = 2 ** Math.max(-1000, Math.floor(Math.log2(reach / HALF)) - 1);
  while (reach >= HALF * histogram.width) double(histogram);
}

function double(histogram: Histogram): void {
  const { counts } = histogram;
  const before = counts.slice();
  counts.fill(0);
  for (let i = 0; i < BINS; i++) {
    const bin = Math.floor((i - HALF) / 2) + HALF;
    counts[bin] = (counts[bin] ?? 0) + (before[i] ?? 0);
  }
  histogram.width *= 2;
}

/** Middle of bin `i`. */
export function middle(histogram: Histogram, i: number): number {
  return (i - HALF + 0.5) * histogram.width;
}
