import type { AxisFilter } from "./taps.ts";

/**
 * Area: target pixel i is the mean of the source over [i · S / T, (i + 1) · S / T).
 *
 *   weight of source pixel s = overlap of [i · S, (i + 1) · S) and [s · T, (s + 1) · T)
 *
 * in units of 1/T source pixel; weights sum to S. A pixel covered in part counts in part. Larger targets repeat
 * pixels, with shares where a border falls inside.
 */
export const area: AxisFilter = ({ sourcePx, targetPx }, index) => {
  const start = index * sourcePx;
  const end = start + sourcePx;
  const first = Math.floor(start / targetPx);
  const weights: number[] = [];
  for (let pixel = first; pixel * targetPx < end; pixel++) {
    weights.push(Math.min(end, (pixel + 1) * targetPx) - Math.max(start, pixel * targetPx));
  }
  return { first, weights };
};
