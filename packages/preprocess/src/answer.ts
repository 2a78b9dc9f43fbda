import type { Tensor } from "@edgewise/graph";
import type { LabelsOutput } from "@edgewise/planner/schema";

export interface Ranked {
  readonly index: number;
  readonly label: string;
  /** Probability with `softmax`, else the output as it is. */
  readonly score: number;
}

/** Scores of the classes, `labelOffset` outputs left out at the front; probabilities when the contract asks for softmax. */
export function classScores(output: Tensor, { labelOffset, softmax: apply }: Pick<LabelsOutput, "labelOffset" | "softmax">): Float64Array {
  const scores = Float64Array.from(output.data as ArrayLike<number | bigint>, Number).subarray(labelOffset);
  return apply ? softmax(scores) : scores;
}

/** e^(x − max) / Σ e^(x − max): no overflow, sums to one. */
export function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((largest, score) => Math.max(largest, score), -Infinity);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Class indices, best first; of equal scores the lower index. NaN ranks last. */
export function ranking(scores: ArrayLike<number>): readonly number[] {
  const score = (index: number): number => {
    const value = scores[index] ?? Number.NaN;
    return Number.isNaN(value) ? -Infinity : value;
  };
  return Array.from({ length: scores.length }, (_, index) => index).sort((a, b) => (score(b) === score(a) ? a - b : score(b) > score(a) ? 1 : -1));
}

/** The model's output → the `topK` best labels. */
export function answer(output: Tensor, contract: LabelsOutput): readonly Ranked[] {
  const scores = classScores(output, contract);
  return ranking(scores).slice(0, contract.topK).map((index) => ({ index, label: contract.labels[index] ?? String(index), score: scores[index] ?? Number.NaN }));
}
