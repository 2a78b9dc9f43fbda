import { type Tensor, invariant } from "@edgewise/graph";

/** How many stored integers of two runs differ by how many steps: the index is the distance, entry 0 the equal ones. */
export type StepHistogram = readonly number[];

/** Distances of two tensors of stored integers, element by element. Same shape. */
export function stepHistogram(left: Tensor, right: Tensor): StepHistogram {
  invariant(left.data.length === right.data.length, "both runs return the same shape");
  const counts: number[] = [0];
  for (let i = 0; i < left.data.length; i++) {
    const distance = Math.abs(Number(left.data[i]) - Number(right.data[i]));
    while (counts.length <= distance) counts.push(0);
    counts[distance] = (counts[distance] ?? 0) + 1;
  }
  return counts;
}

export function addHistograms(left: StepHistogram, right: StepHistogram): StepHistogram {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, distance) => (left[distance] ?? 0) + (right[distance] ?? 0));
}

/** The largest distance that occurs. */
export function mostSteps(histogram: StepHistogram): number {
  return Math.max(0, histogram.findLastIndex((count) => count > 0));
}
