import type { Reason } from "../schema/plan.ts";
import { bases } from "../schema/sourced.ts";
import { attainable } from "../statistics/decide-rate.ts";

/** Whether the inequality a reason states is violated by the reason's own numbers. A reason that holds is a lie. */
export function isViolated(reason: Reason): boolean {
  switch (reason.kind) {
    case "over-limit": return reason.budget.relation === "<=" ? reason.needed.high > reason.budget.limit : reason.needed.low < reason.budget.limit;
    case "out-of-reach": return reason.samples < reason.available && attainable(reason) === reason.attainable && reason.attainable < reason.budget.limit;
    case "region-too-small": return reason.neededBytes.high > reason.availableBytes;
    case "buffer-too-large": return reason.neededBytes > reason.limitBytes;
    case "weak-evidence": return bases.indexOf(reason.basis) < bases.indexOf(reason.budget.evidence);
    case "too-few-samples": return reason.samplesNeeded === null || reason.samples < reason.samplesNeeded;
    case "outranked": return reason.own === null || isWorse(reason.own, reason);
    case "violates-policy": return !reason.allowed.includes(reason.found);
    case "unknown-region": case "unknown-cost": case "not-assessed": return reason.missing.length > 0;
    case "unsupported-op": return reason.op.length > 0 && reason.rule.length > 0;
    case "not-evaluated": case "no-calibration": case "tied": return true;
    default: return reason satisfies never;
  }
}

function isWorse(own: number, { best, tolerance, higherIsBetter }: { readonly best: number; readonly tolerance: number; readonly higherIsBetter: boolean }): boolean {
  return higherIsBetter ? own < best * (1 - tolerance) : own > best * (1 + tolerance);
}
