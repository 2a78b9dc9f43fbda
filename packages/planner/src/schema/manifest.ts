import type { TaskContract } from "./facts.ts";
import type { Candidate } from "./plan.ts";
import type { Digest } from "./facts.ts";
import type { BudgetKey } from "./spec.ts";
import type { Estimate } from "./sourced.ts";

/** manifest.json of a bundle. */
export interface Manifest {
  readonly version: 1;
  readonly plan: Digest;
  readonly candidate: Candidate;
  readonly contract: TaskContract;
  readonly licence: string | null;
  readonly costs: Readonly<Partial<Record<BudgetKey, Estimate>>>;
  /** Facts the artefact promises about itself and `check` proves from bytes: op counts, dtypes, arena bytes … */
  readonly promises: Readonly<Record<string, number | string>>;
  /** Every other file of the bundle, sorted by path. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: Digest }[];
}
