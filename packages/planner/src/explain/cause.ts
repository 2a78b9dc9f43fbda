import type { Candidate, Reason, Verdict } from "../schema/plan.ts";
import { likelyBound } from "../statistics/decide-rate.ts";

/** What a reason is about, without its numbers: reasons with equal causes are told together. */
export type Cause = string;

/** Candidates that fail for one cause, each with its own numbers, in the order of the plan. */
export interface CauseGroup {
  readonly cause: Cause;
  readonly members: readonly CauseMember[];
}

export interface CauseMember {
  readonly candidate: Candidate;
  readonly reason: Reason;
}

export function causeOf(reason: Reason): Cause {
  switch (reason.kind) {
    case "unsupported-op": return `${reason.kind} ${reason.op}`;
    case "out-of-reach": return `over-limit ${reason.budget.key}`;
    case "over-limit": case "weak-evidence": case "too-few-samples": return `${reason.kind} ${reason.budget.key}`;
    case "unknown-cost": return `${reason.kind} ${reason.budget.key} ${reason.missing}`;
    case "not-evaluated": return `${reason.kind} ${reason.why}`;
    case "region-too-small": case "buffer-too-large": case "unknown-region": return `${reason.kind} ${reason.region}`;
    case "outranked": return `${reason.kind} ${reason.key}`;
    case "violates-policy": return `${reason.kind} ${reason.policy}`;
    case "not-assessed": case "no-calibration": case "tied": return reason.kind;
    default: return reason satisfies never;
  }
}

/** How far a reason is from being removed: 0 at the limit, 1 at twice the limit; null where nothing is measured by it. */
export function excessOf(reason: Reason): number | null {
  switch (reason.kind) {
    case "over-limit": return reason.budget.relation === "<=" ? reason.needed.high / reason.budget.limit - 1 : 1 - reason.needed.low / reason.budget.limit;
    case "out-of-reach": return 1 - likelyBound(reason) / reason.budget.limit;
    case "region-too-small": return reason.neededBytes.high / Math.max(1, reason.availableBytes) - 1;
    case "buffer-too-large": return reason.neededBytes / Math.max(1, reason.limitBytes) - 1;
    case "too-few-samples": return reason.samplesNeeded === null ? null : reason.samplesNeeded / Math.max(1, reason.samples) - 1;
    case "outranked": return reason.own === null ? null : Math.abs(reason.own / (reason.best || 1) - 1);
    default: return null;
  }
}

/** Fold: every cause with all candidates it forbids; a candidate with several reasons is in several groups. */
export function foldCauses(rejected: readonly Verdict[]): readonly CauseGroup[] {
  const groups = new Map<Cause, CauseMember[]>();
  for (const { candidate, reasons } of rejected) {
    for (const [cause, reason] of new Map(reasons.map((one) => [causeOf(one), one]))) {
      const members = groups.get(cause) ?? [];
      members.push({ candidate, reason });
      groups.set(cause, members);
    }
  }
  return [...groups].map(([cause, members]) => ({ cause, members }));
}

/**
 * Simplify: few causes that account for every candidate. The cause that explains most of the candidates still
 * unexplained is told first and takes them; of equals, the first met. What is left of a group are those it adds.
 */
export function simplifyCauses(groups: readonly CauseGroup[]): readonly CauseGroup[] {
  const told: CauseGroup[] = [];
  let left = groups;
  while (left.length > 0) {
    const most = left.reduce((best, group) => (group.members.length > best.members.length ? group : best));
    told.push(most);
    const explained = new Set(most.members.map(({ candidate }) => candidate));
    left = left
      .filter((group) => group !== most)
      .map(({ cause, members }) => ({ cause, members: members.filter(({ candidate }) => !explained.has(candidate)) }))
      .filter(({ members }) => members.length > 0);
  }
  return told;
}

/** The member whose reason is nearest to being removed; the first of equals. */
export function closestOf({ members }: CauseGroup): CauseMember | null {
  return members.reduce<CauseMember | null>((best, member) => (best === null || isNearer(member.reason, best.reason) ? member : best), null);
}

function isNearer(reason: Reason, other: Reason): boolean {
  const own = excessOf(reason);
  const best = excessOf(other);
  return own !== null && (best === null || own < best);
}
