import type { AccuracyFact, AccuracyKey, CalibrationFact, Digest, EvaluationFacts, LatencyFact, ModelFacts, TargetFacts, TaskContract } from "./facts.ts";
import type { Precision } from "./runtime.ts";
import type { Basis, Estimate } from "./sourced.ts";
import type { Budget, BudgetKey, PreferKey } from "./spec.ts";

/** One way to serve one target; `id` is the content hash of the recipe. */
export interface Candidate {
  readonly id: Digest;
  readonly target: string;
  readonly device: string;
  readonly placement: "device" | "cloud";
  readonly model: Digest;
  readonly file: string;
  readonly family: string;
  readonly variant: string;
  readonly resolution: { readonly heightPx: number; readonly widthPx: number } | null;
  readonly precision: Precision;
  readonly runtime: string;
  readonly runtimeVersion: string;
  readonly backend: string;
}

/** Half of the labelled data an inequality was tested on; null for what is not an accuracy. */
export type Half = "selection" | "confirmation";

/** Why a candidate is not the choice. Data; each carries what would remove it. */
export type Reason =
  | { readonly kind: "unsupported-op"; readonly node: string; readonly op: string; readonly rule: string }
  | { readonly kind: "over-limit"; readonly budget: Budget; readonly needed: Estimate; readonly largest: string | null; readonly half: Half | null }
  /** Evaluation stopped early: `correct` of `samples`, and were every sample left right, the lower bound would still be `attainable` < limit. */
  | { readonly kind: "out-of-reach"; readonly budget: Budget; readonly half: Half; readonly correct: number; readonly samples: number; readonly available: number; readonly attainable: number }
  | { readonly kind: "region-too-small"; readonly region: string; readonly availableBytes: number; readonly neededBytes: Estimate; readonly largest: string }
  | { readonly kind: "buffer-too-large"; readonly region: string; readonly limitBytes: number; readonly neededBytes: number }
  /** Its region is missing on the device, or nobody has said how large it is. */
  | { readonly kind: "unknown-region"; readonly region: string; readonly missing: string }
  | { readonly kind: "unknown-cost"; readonly budget: Budget; readonly missing: string }
  | { readonly kind: "weak-evidence"; readonly budget: Budget; readonly basis: Basis }
  /** Better than the limit, but not provably so with `samples` in this half; `samplesNeeded` (in this half) would prove it. */
  | { readonly kind: "too-few-samples"; readonly budget: Budget; readonly half: Half; readonly needed: Estimate | null; readonly samples: number; readonly samplesNeeded: number | null }
  /** pending: asked for. not-needed: a better candidate is still undecided. `budget` null: the value itself ranks. */
  | { readonly kind: "not-evaluated"; readonly budget: Budget | null; readonly why: "time-box" | "not-needed" | "pending" }
  /** No adapter has assessed it. */
  | { readonly kind: "not-assessed"; readonly missing: string }
  /** Integers need ranges, and no calibration data is stated. */
  | { readonly kind: "no-calibration" }
  /** own > best · (1 + tolerance), or where higher is better own < best · (1 − tolerance). `own` null: unknown, which is never better. */
  | { readonly kind: "outranked"; readonly by: Digest; readonly key: PreferKey; readonly higherIsBetter: boolean; readonly own: number | null; readonly best: number; readonly tolerance: number }
  /** Equal on every key of `prefer`; the lower id was taken. */
  | { readonly kind: "tied"; readonly by: Digest }
  | { readonly kind: "violates-policy"; readonly policy: "precision" | "runtime" | "licence"; readonly allowed: readonly string[]; readonly found: string };

export interface Verdict {
  readonly candidate: Candidate;
  readonly costs: Readonly<Partial<Record<BudgetKey, Estimate>>>;
  /** Empty exactly for the chosen candidate. */
  readonly reasons: readonly Reason[];
}

export interface Deployment {
  readonly target: string;
  readonly device: string;
  /** The inequalities and the order it was decided by, as in the spec. */
  readonly budgets: readonly Budget[];
  readonly prefer: { readonly order: readonly PreferKey[]; readonly tolerance: number };
  readonly choice: Verdict | null;
  /** Every other candidate: first those that could replace the choice, in the order they would; then the rest. */
  readonly rejected: readonly Verdict[];
}

/** A measurement that could still change the decision. */
export interface Wanted {
  readonly kind: "accuracy";
  readonly candidate: Digest;
  readonly target: string;
  readonly key: AccuracyKey;
  readonly half: Half;
  /** True: run the float model on the same samples and report the paired counts, for a `drop` budget. */
  readonly paired: boolean;
  /** The limit that decides: the runner may stop once `decideRate` does; null when every sample counts. */
  readonly decides: { readonly relation: "<=" | ">="; readonly limit: number } | null;
}

/** No timestamps: same inputs, same bytes. */
export interface Plan {
  readonly version: 1;
  readonly deployments: readonly Deployment[];
  readonly wanted: readonly Wanted[];
  readonly complete: boolean;
}

/** An arithmetic that could not be run where the plan was made: in it no accuracy can be asked for. */
export interface Unmeasured {
  readonly numerics: string;
  readonly precisions: readonly Precision[];
  /** What would make it run. */
  readonly missing: string;
}

/** plan.lock.json: the plan, and every fact it rests on. Complete enough to re-plan and to emit without measuring. */
export interface Lock {
  readonly version: 1;
  /** Digests of everything read, by "kind:name": plan, data, contract, and each device. */
  readonly inputs: Readonly<Record<string, Digest>>;
  /** With labels filled in, as evaluation used it. */
  readonly contract: TaskContract;
  readonly models: readonly ModelFacts[];
  readonly calibrations: readonly CalibrationFact[];
  /** What adapters said of every candidate; of the layers, those that are refused. */
  readonly facts: readonly TargetFacts[];
  readonly accuracies: readonly AccuracyFact[];
  readonly latencies: readonly LatencyFact[];
  readonly evaluation: EvaluationFacts | null;
  /** Sorted by numerics; absent: everything that was asked for could be run. */
  readonly unmeasured?: readonly Unmeasured[];
  readonly plan: Plan;
}
