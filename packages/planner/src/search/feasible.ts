import { isKnown, strengthOf } from "../cost/estimate.ts";
import { costsOf, factCosts, largestPart } from "../cost/costs.ts";
import { memoryReasons } from "../cost/memory.ts";
import type { Device } from "../schema/device.ts";
import type { Digest, LatencyFact, LayerFact, TargetFacts } from "../schema/facts.ts";
import type { Reason } from "../schema/plan.ts";
import { needsCalibration } from "../schema/runtime.ts";
import type { Estimate } from "../schema/sourced.ts";
import type { Budget, BudgetKey, Target } from "../schema/spec.ts";
import type { Option } from "./candidates.ts";

export interface FeasibleInput {
  readonly option: Option;
  readonly target: Target;
  readonly device: Device;
  readonly facts: TargetFacts | null;
  readonly measured: LatencyFact | null;
  readonly calibrations: Readonly<Record<Digest, Digest | null>>;
}

export interface Checked {
  readonly costs: Partial<Record<BudgetKey, Estimate>>;
  /** Everything that forbids the candidate and needs no measurement on data; empty: it may be chosen. */
  readonly reasons: readonly Reason[];
}

/** Every constraint but accuracy: policy, support, memory regions, budgets. All of them, not the first that fails. */
export function checkFeasible(input: FeasibleInput): Checked {
  const reasons = policyReasons(input);
  const { option, facts, device } = input;
  if (needsCalibration(option.candidate.precision) && !option.model.quantized && (input.calibrations[option.model.digest] ?? null) === null) {
    reasons.push({ kind: "no-calibration" });
  }
  if (facts === null) {
    reasons.push({ kind: "not-assessed", missing: `facts of ${option.candidate.runtime} for ${option.candidate.file}` });
    return { costs: {}, reasons };
  }
  if (!facts.layers.every(isSupported)) reasons.push(...supportReasons(facts));
  reasons.push(...memoryReasons(facts.memory, device));
  return withBudgets(input, facts, reasons);
}

/** Adds to `reasons` those of the budgets. */
function withBudgets({ option, target, device, measured }: FeasibleInput, facts: TargetFacts, reasons: Reason[]): Checked {
  const found = costsOf({ facts, device, backend: option.backend, measured });
  const costs: Partial<Record<BudgetKey, Estimate>> = {};
  for (const key of factCosts) {
    const cost = found[key];
    if (isKnown(cost)) costs[key] = cost;
  }
  for (const budget of target.budgets) {
    if (budget.key === "accuracy" || budget.key === "drop") continue;
    const cost = found[budget.key];
    if (!isKnown(cost)) {
      reasons.push({ kind: "unknown-cost", budget, missing: cost.missing });
      continue;
    }
    if (isOver(budget, cost)) reasons.push({ kind: "over-limit", budget, needed: cost, largest: largestPart(budget.key, facts), half: null });
    if (strengthOf(cost.basis) < strengthOf(budget.evidence)) reasons.push({ kind: "weak-evidence", budget, basis: cost.basis });
  }
  return { costs, reasons };
}

/** By the estimate's bad end. */
function isOver({ relation, limit }: Budget, { low, high }: Estimate): boolean {
  return relation === "<=" ? high > limit : low < limit;
}

function policyReasons({ option: { candidate }, target }: FeasibleInput): Reason[] {
  const reasons: Reason[] = [];
  if (target.precisions !== null && !target.precisions.includes(candidate.precision)) {
    reasons.push({ kind: "violates-policy", policy: "precision", allowed: [...target.precisions].sort(), found: candidate.precision });
  }
  if (target.runtimes !== null && !target.runtimes.includes(candidate.runtime)) {
    reasons.push({ kind: "violates-policy", policy: "runtime", allowed: [...target.runtimes].sort(), found: candidate.runtime });
  }
  return reasons;
}

function isSupported({ supported }: LayerFact): boolean {
  return supported;
}

/** One reason an op and rule, at the first node it stopped. */
function supportReasons(facts: TargetFacts): readonly Reason[] {
  const seen = new Set<string>();
  const reasons: Reason[] = [];
  for (const layer of facts.layers) {
    if (layer.supported || seen.has(`${layer.op}|${layer.rule}`)) continue;
    seen.add(`${layer.op}|${layer.rule}`);
    reasons.push({ kind: "unsupported-op", node: layer.node, op: layer.op, rule: layer.rule });
  }
  return reasons;
}
