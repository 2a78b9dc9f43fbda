/**
 * Share of each source pixel in one target pixel along one axis: `weights[i]` belongs to source pixel `first + i`.
 * Whole numbers, so that every machine gets the same result.
 */
export interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Taps of target pixel `index` when an axis of `sourcePx` pixels becomes `targetPx`; the weights of all sum to one total. */
export type AxisFilter = (axis: { readonly sourcePx: number; readonly targetPx: number }, index: number) => Taps;
