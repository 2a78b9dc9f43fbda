import type { InputContract, OutputContract } from "./contract.ts";
import type { Metric } from "./facts.ts";
import type { Precision } from "./runtime.ts";
import type { Basis } from "./sourced.ts";

/** plan.yaml after parsing: quantities are numbers with the unit in the name, paths are relative to the file. */
export interface Spec {
  readonly version: 1;
  readonly task: Task;
  readonly models: readonly ModelSource[];
  /** Sorted by name. Budgets are already merged: file, then target, `none` removed. */
  readonly targets: readonly Target[];
}

export interface Task {
  readonly kind: "image-classification" | "tensor";
  readonly input: InputContract;
  readonly output: OutputContract;
  /** Text file with one label a line, relative to plan.yaml; its names are filled into `output.labels` by its reader. */
  readonly labelsFile: string | null;
  /** Null: no labelled data, so no accuracy can be known. */
  readonly evaluation: { readonly data: string; readonly metric: Metric; readonly timeBoxMs: number } | null;
  readonly calibration: { readonly data: string; readonly samples: number; readonly method: "min-max" | "percentile" | "mse" } | null;
}

export interface ModelSource {
  /** Path or glob relative to plan.yaml. */
  readonly path: string;
  /** Stated in the file; else the model's own metadata decides. */
  readonly family: string | null;
  readonly variant: string | null;
  readonly resolution: { readonly heightPx: number; readonly widthPx: number } | null;
  /** Sizes for named or static dims, as in `bind: { N: 1 }`. */
  readonly bind: Readonly<Record<string, number>>;
  readonly licence: string | null;
}

export type BudgetKey =
  | "accuracy" | "drop" | "latency" | "ram" | "flash" | "bundle" | "energy" | "cost"
  /** Share of the multiply-accumulates on the candidate's own backend. A CPU backend has one too: what its delegate takes. */
  | "delegate";

/** One inequality. `limit` is in the key's base unit: fraction, ms, bytes, joules, USD per 1000 inferences. */
export interface Budget {
  readonly key: BudgetKey;
  readonly relation: "<=" | ">=";
  readonly limit: number;
  /** Weakest evidence that may satisfy it. */
  readonly evidence: Basis;
  /** As the user wrote it, for reasons. */
  readonly text: string;
}

export interface Target {
  readonly name: string;
  readonly device: string;
  readonly budgets: readonly Budget[];
  readonly precisions: readonly Precision[] | null;
  readonly runtimes: readonly string[] | null;
  readonly prefer: { readonly order: readonly PreferKey[]; readonly tolerance: number };
}

/** What "smallest" means, in order. Candidates within `tolerance` (fraction) of the best on one key are tied on it. */
export type PreferKey = "ram" | "flash" | "bundle" | "latency" | "energy" | "cost" | "accuracy";
