import type { AxisFilter } from "./taps.ts";

/**
 * Bilinear at half-pixel centres, without antialiasing, clamped at the edges.
 *
 *   position = (i + 1/2) · S / T − 1/2 = ((2i + 1) · S − T) / 2T
 *   weights  = 2T − rest, rest      rest = ((2i + 1) · S − T) mod 2T
 *
 * in units of 1/2T; they sum to 2T. When shrinking by more than two, pixels between are not seen: "area" sees all.
 */
export const bilinear: AxisFilter = ({ sourcePx, targetPx }, index) => {
  const unit = 2 * targetPx;
  const position = (2 * index + 1) * sourcePx - targetPx;
  const left = Math.floor(position / unit);
  const rest = position - left * unit;
  if (left < 0) return { first: 0, weights: [unit] };
  if (left >= sourcePx - 1) return { first: sourcePx - 1, weights: [unit] };
  return rest === 0 ? { first: left, weights: [unit] } : { first: left, weights: [unit - rest, rest] };
};
