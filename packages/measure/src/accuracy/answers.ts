import { type Tensor, invariant } from "@edgewise/graph";
import type { LabelsOutput, Metric } from "@edgewise/planner/schema";
import { classScores, ranking } from "@edgewise/preprocess";

/** What is remembered of the samples run so far; every metric is a function of it. */
export interface Answers {
  readonly metric: Metric;
  readonly output: LabelsOutput | null;
  samples: number;
  /** Right answers, in the metric's sense of right. */
  right: number;
  readonly paired: { bothRight: number; lost: number; gained: number; bothWrong: number };
  /** Label and best class of each sample, for metrics of classes. */
  readonly classes: { readonly label: number; readonly best: number }[];
  /** Mean squared error of each sample. */
  readonly squaredErrors: number[];
}

export interface Observation {
  readonly output: Tensor;
  readonly reference: Tensor | null;
  readonly target: Tensor | null;
  readonly label: number | null;
}

export function newAnswers(metric: Metric, output: LabelsOutput | null): Answers {
  return { metric, output, samples: 0, right: 0, paired: { bothRight: 0, lost: 0, gained: 0, bothWrong: 0 }, classes: [], squaredErrors: [] };
}

export function observe(answers: Answers, { output, reference, target, label }: Observation): void {
  answers.samples += 1;
  if (answers.metric === "mse") {
    invariant(target !== null, "mse compares with targets");
    answers.squaredErrors.push(meanSquaredError(output, target));
    return;
  }
  const order = classOrder(answers, output);
  const other = reference === null ? null : classOrder(answers, reference);
  if (answers.metric === "agreement") {
    invariant(other !== null, "agreement compares with the float model");
    if (order[0] === other[0]) answers.right += 1;
    return;
  }
  invariant(label !== null, `${answers.metric} needs labels`);
  answers.classes.push({ label, best: order[0] ?? -1 });
  const depth = answers.metric === "top5" ? 5 : 1;
  const right = order.slice(0, depth).includes(label);
  if (right) answers.right += 1;
  if (other !== null) answers.paired[pairOf(other.slice(0, depth).includes(label), right)] += 1;
}

function pairOf(reference: boolean, candidate: boolean): keyof Answers["paired"] {
  if (reference) return candidate ? "bothRight" : "lost";
  return candidate ? "gained" : "bothWrong";
}

function classOrder({ output: contract }: Answers, output: Tensor): readonly number[] {
  invariant(contract !== null, "metrics of classes need a labels output");
  return ranking(classScores(output, { labelOffset: contract.labelOffset, softmax: false }));
}

function meanSquaredError(output: Tensor, target: Tensor): number {
  invariant(output.data.length === target.data.length, `an output of ${output.data.length} numbers and a target of ${target.data.length}`);
  let sum = 0;
  for (let i = 0; i < output.data.length; i++) sum += (Number(output.data[i]) - Number(target.data[i])) ** 2;
  return sum / output.data.length;
}
