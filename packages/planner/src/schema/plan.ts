import type { AccuracyFact, AccuracyKey, CalibrationFact, Digest, TargetFacts } from "./facts.ts";
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

/** Why a candidate is not the choice. Data; each carries what would remove it. */
export type Reason =
  | { readonly kind: "unsupported-op"; readonly node: string; readonly op: string; readonly rule: string }
  | { readonly kind: "over-limit"; readonly budget: Budget; readonly needed: Estimate; readonly largest: string | null }
  | { readonly kind: "region-too-small"; readonly region: string; readonly availableBytes: number; readonly neededBytes: Estimate; readonly largest: string }
  | { readonly kind: "buffer-too-large"; readonly region: string; readonly limitBytes: number; readonly neededBytes: number }
  | { readonly kind: "unknown-cost"; readonly budget: Budget; readonly missing: string }
  | { readonly kind: "weak-evidence"; readonly budget: Budget; readonly basis: Basis }
  | { readonly kind: "too-few-samples"; readonly budget: Budget; readonly samples: number; readonly samplesNeeded: number | null }
  | { readonly kind: "not-evaluated"; readonly budget: Budget; readonly why: "time-box" | "not-needed" | "pending" }
  | { readonly kind: "outranked"; readonly by: Digest; readonly key: PreferKey; readonly own: number; readonly best: number; readonly tolerance: number }
  | { readonly kind: "violates-policy"; readonly policy: "precision" | "runtime" | "licence"; readonly allowed: readonly string[]; readonly found: string };

export interface Verdict {
  readonly candidate: Candidate;
  readonly costs: Readonly<Partial<Record<BudgetKey, Estimate>>>;
  /** Empty exactly for the chosen candidate. */
  readonly reasons: readonly Reason[];
}

export interface Deployment {
  readonly target: string;
  readonly choice: Verdict | null;
  /** Every other candidate, in preference order, then id. */
  readonly rejected: readonly Verdict[];
}

/** A measurement that could still change the decision. */
export interface Wanted {
  readonly kind: "accuracy";
  readonly candidate: Digest;
  readonly target: string;
  readonly key: Omit<AccuracyKey, "calibration"> & { readonly calibration: Digest | null };
  readonly half: "selection" | "confirmation";
  /** The bound that decides, so that the runner may stop early; null when the value itself ranks. */
  readonly decides: { readonly relation: "<=" | ">="; readonly limit: number } | null;
}

/** No timestamps: same inputs, same bytes. */
export interface Plan {
  readonly version: 1;
  readonly deployments: readonly Deployment[];
  readonly wanted: readonly Wanted[];
  readonly complete: boolean;
}

/** plan.lock.json: the plan, and every fact it rests on. Complete enough to re-plan and to emit without measuring. */
export interface Lock {
  readonly version: 1;
  readonly inputs: Readonly<Record<string, Digest>>;
  readonly calibrations: readonly CalibrationFact[];
  readonly facts: readonly TargetFacts[];
  readonly accuracies: readonly AccuracyFact[];
  readonly plan: Plan;
}
