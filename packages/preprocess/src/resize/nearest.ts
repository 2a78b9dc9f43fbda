import type { AxisFilter } from "./taps.ts";

/** Nearest: source pixel floor((i + 1/2) · S / T) as it is. */
export const nearest: AxisFilter = ({ sourcePx, targetPx }, index) => ({
  first: Math.floor(((2 * index + 1) * sourcePx) / (2 * targetPx)),
  weights: [1],
});
