import type { Candidate, Deployment, Plan, Reason, Verdict } from "../schema/plan.ts";
import type { Estimate } from "../schema/sourced.ts";
import type { Budget } from "../schema/spec.ts";
import { type CauseGroup, excessOf, foldCauses, simplifyCauses } from "./cause.ts";

/** Why a plan is as it is; data, for `explanationText`, `explanationMarkdown` and machines. */
export interface Explanation {
  readonly targets: readonly TargetExplanation[];
}

export interface TargetExplanation {
  readonly target: string;
  readonly device: string;
  readonly outcome: "chosen" | "infeasible" | "undecided" | "no-candidates";
  readonly candidates: number;
  readonly choice: { readonly candidate: Candidate; readonly proofs: readonly { readonly budget: Budget; readonly cost: Estimate }[] } | null;
  /** The fewest causes that account for every other candidate. */
  readonly causes: readonly CauseGroup[];
  /** For each knob, the best candidate that differs from the choice in it alone. */
  readonly nearest: readonly { readonly knob: Knob; readonly verdict: Verdict }[];
  /** Where nothing fits: what would, least change first. */
  readonly fixes: readonly Fix[];
}

export type Knob = "model" | "resolution" | "precision" | "runtime";

export interface Fix {
  readonly candidate: Candidate;
  /** All that must be removed for this candidate to be feasible. */
  readonly reasons: readonly Reason[];
  /** Its accuracy is still to be measured, and may forbid it. */
  readonly unproven: boolean;
}

const FIXES = 3;

/** The whole plan, or one target of it; an unknown target explains nothing. */
export function explain(plan: Plan, options: { readonly target?: string } = {}): Explanation {
  return { targets: plan.deployments.filter(({ target }) => options.target === undefined || target === options.target).map(explainTarget) };
}

function explainTarget(deployment: Deployment): TargetExplanation {
  const { target, device, choice, rejected } = deployment;
  return {
    target, device, outcome: outcomeOf(deployment), candidates: rejected.length + (choice === null ? 0 : 1),
    choice: choice === null ? null : { candidate: choice.candidate, proofs: proofsOf(choice, deployment.budgets) },
    causes: simplifyCauses(foldCauses(rejected)),
    nearest: choice === null ? [] : nearestOf(choice.candidate, rejected),
    fixes: choice === null ? fixesOf(deployment) : [],
  };
}

function outcomeOf({ choice, rejected }: Deployment): TargetExplanation["outcome"] {
  if (choice !== null) return "chosen";
  if (rejected.length === 0) return "no-candidates";
  return rejected.some(({ reasons }) => reasons.some((reason) => reason.kind === "not-evaluated" && reason.why === "pending")) ? "undecided" : "infeasible";
}

function proofsOf({ costs }: Verdict, budgets: readonly Budget[]): readonly { readonly budget: Budget; readonly cost: Estimate }[] {
  return budgets.flatMap((budget) => {
    const cost = costs[budget.key];
    return cost === undefined ? [] : [{ budget, cost }];
  });
}

const knobs: Readonly<Record<Knob, (candidate: Candidate) => string>> = {
  model: ({ family, variant }) => `${family} ${variant}`,
  resolution: ({ resolution }) => JSON.stringify(resolution),
  precision: ({ precision }) => precision,
  runtime: ({ runtime, runtimeVersion, backend }) => `${runtime} ${runtimeVersion} ${backend}`,
};

function nearestOf(choice: Candidate, rejected: readonly Verdict[]): TargetExplanation["nearest"] {
  const names = Object.keys(knobs) as Knob[];
  return names.flatMap((knob) => {
    const verdict = rejected.find(({ candidate }) => names.every((name) => (knobs[name](candidate) === knobs[name](choice)) === (name !== knob)));
    return verdict === undefined ? [] : [{ knob, verdict }];
  });
}

/** Reasons that the user can remove by a number in plan.yaml or by more data. */
const adjustable: ReadonlySet<Reason["kind"]> = new Set(["over-limit", "out-of-reach", "too-few-samples", "weak-evidence", "violates-policy", "no-calibration", "not-evaluated"]);

function fixesOf({ rejected, budgets }: Deployment): readonly Fix[] {
  const asked = budgets.filter(({ key }) => key === "accuracy" || key === "drop");
  return rejected
    .filter(({ reasons }) => reasons.every(({ kind }) => adjustable.has(kind)))
    .map((verdict, position) => ({ ...verdict, position, excess: Math.max(0, ...verdict.reasons.map((reason) => excessOf(reason) ?? 0)) }))
    .sort((a, b) => a.reasons.length - b.reasons.length || a.excess - b.excess || a.position - b.position)
    .slice(0, FIXES)
    .map(({ candidate, reasons, costs }) => ({ candidate, reasons, unproven: asked.some(({ key }) => costs[key] === undefined) }));
}
