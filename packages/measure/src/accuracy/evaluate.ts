import { type Tensor, invariant } from "@edgewise/graph";
import { decideRate } from "@edgewise/planner";
import type { AccuracyFact, LabelsOutput, Metric, Wanted } from "@edgewise/planner/schema";
import { type Answers, newAnswers, observe } from "./answers.ts";
import { valueOf } from "./value.ts";

export interface AccuracyRun<S extends { readonly label: number | null }> {
  /** One half, in its fixed order. */
  readonly samples: readonly S[];
  readonly metric: Metric;
  /** What the outputs mean; null for metrics of plain numbers (mse). */
  readonly output: LabelsOutput | null;
  /** The model's output for a sample, [1, …]. */
  predict(sample: S): Promise<Tensor>;
  /** The float model on the same sample; needed for "agreement" and for paired counts, else null. */
  readonly reference: ((sample: S) => Promise<Tensor>) | null;
  /** What the model should return; needed for "mse", else null. */
  readonly target: ((sample: S) => Promise<Tensor>) | null;
  /** The limit that decides; null runs every sample. Rates stop as soon as no further answer can change the verdict. */
  readonly decides: Wanted["decides"];
  /** True once the time box is used up. Asked before each sample. */
  readonly deadline: () => boolean;
}

export type Accuracy = Omit<AccuracyFact, "kind" | "key" | "half">;

/**
 * Runs samples one after another until all are run, the limit is decided, or the time box is used up.
 *
 *   top1, top5   the label is the best, or among the five best; equal scores rank the lower class first
 *   agreement    this model's best class is the float model's
 *   others       see `valueOf`; they never stop early because a limit is decided
 */
export async function evaluateAccuracy<S extends { readonly label: number | null }>(run: AccuracyRun<S>): Promise<Accuracy> {
  const answers = newAnswers(run.metric, run.output);
  const available = run.samples.length;
  let stopped: Accuracy["stopped"] = "all-samples";
  for (const sample of run.samples) {
    if (run.deadline()) {
      stopped = "time-box";
      break;
    }
    await observeSample(answers, sample, run);
    if (answers.samples < available && isDecided(answers, available, run.decides)) {
      stopped = "decided";
      break;
    }
  }
  const rate = isRate(run.metric);
  return {
    samples: answers.samples, available, stopped, complete: stopped === "all-samples",
    correct: rate ? answers.right : null,
    paired: rate && run.metric !== "agreement" && run.reference !== null ? { ...answers.paired } : null,
    value: valueOf(answers),
  };
}

async function observeSample<S extends { readonly label: number | null }>(answers: Answers, sample: S, run: AccuracyRun<S>): Promise<void> {
  const output = await run.predict(sample);
  const reference = run.reference === null ? null : await run.reference(sample);
  invariant(run.metric !== "mse" || run.target !== null, "mse compares with targets");
  const target = run.target === null ? null : await run.target(sample);
  observe(answers, { output, reference, target, label: sample.label });
}

function isRate(metric: Metric): boolean {
  return metric === "top1" || metric === "top5" || metric === "agreement";
}

function isDecided({ metric, right, samples }: Answers, available: number, decides: Wanted["decides"]): boolean {
  if (decides === null || decides.relation !== ">=" || !isRate(metric)) return false;
  return decideRate({ correct: right, samples, available }, decides.limit) !== "open";
}
