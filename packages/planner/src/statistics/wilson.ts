/** Two-sided 95 %: the standard normal's 0.975 quantile. */
export const Z95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson score interval of a rate, `correct` of `samples`, both as counts.
 *
 *   centre = (p + z²/2n) / (1 + z²/n)        p = correct / samples
 *   half   = z / (1 + z²/n) · √(p(1 − p)/n + z²/4n²)
 *
 * Stays inside [0, 1] and keeps its coverage near 1, where models live; no samples is [0, 1].
 * Source: Wilson 1927, doi.org/10.1080/01621459.1927.10502953
 */
export function wilson(correct: number, samples: number): Interval {
  if (samples === 0) return { low: 0, high: 1 };
  const rate = correct / samples;
  const shrink = 1 + (Z95 * Z95) / samples;
  const centre = (rate + (Z95 * Z95) / (2 * samples)) / shrink;
  const half = (Z95 / shrink) * Math.sqrt((rate * (1 - rate)) / samples + (Z95 * Z95) / (4 * samples * samples));
  return { low: correct === 0 ? 0 : Math.max(0, centre - half), high: correct === samples ? 1 : Math.min(1, centre + half) };
}
