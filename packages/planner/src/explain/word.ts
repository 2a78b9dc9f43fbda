import type { Candidate, Reason } from "../schema/plan.ts";
import type { Estimate } from "../schema/sourced.ts";
import type { Budget, BudgetKey, PreferKey } from "../schema/spec.ts";
import { likelyBound } from "../statistics/decide-rate.ts";
import { basisText, estimateText, originText, quantityText, sidesText } from "./quantity-text.ts";

/** "w16 32x32 int8 on edgewise-c/portable"; a model that is no variant of a family goes by the family's name. */
export function candidateText({ family, variant, resolution, precision, runtime, backend }: Candidate): string {
  const size = resolution === null ? "" : ` ${resolution.heightPx}x${resolution.widthPx}`;
  return `${variant === "" ? family : variant}${size} ${precision} on ${runtime}/${backend}`;
}

/** One reason as the inequality that failed, with its own numbers. */
export function wordReason(reason: Reason): string {
  switch (reason.kind) {
    case "unsupported-op": return `${reason.op} at node ${reason.node} cannot run: ${reason.rule}`;
    case "over-limit": return wordOverLimit(reason);
    case "out-of-reach": return wordOutOfReach(reason);
    case "region-too-small": return wordRegion(reason);
    case "buffer-too-large": return `one buffer takes ${pair(reason.neededBytes, reason.limitBytes, "the largest that")} ${reason.region} allows`;
    case "unknown-region": return `${reason.missing} unknown: nothing can be placed there`;
    case "unknown-cost": return `${keyText(reason.budget.key)} is unknown, so ${limitText(reason.budget)} cannot be shown: missing ${reason.missing}`;
    case "weak-evidence": return `${keyText(reason.budget.key)} is only ${basisText(reason.budget.key, reason.basis)}, and the budget asks for ${basisText(reason.budget.key, reason.budget.evidence)}`;
    case "too-few-samples": return wordSamples(reason);
    case "not-evaluated": return wordNotEvaluated(reason);
    case "not-assessed": return `not assessed: missing ${reason.missing}`;
    case "no-calibration": return "integer activations need ranges, and the plan names no calibration data";
    case "outranked": return wordOutranked(reason);
    case "tied": return "equal to the choice on everything that is preferred; the lower id was taken";
    case "violates-policy": return `${reason.policy} ${reason.found}: the plan allows only ${reason.allowed.join(", ")}`;
    default: return reason satisfies never;
  }
}

/** The change that removes a reason; null where only another model or the choice itself does. */
export function wordRemedy(reason: Reason): string | null {
  switch (reason.kind) {
    case "over-limit": return `${reason.budget.relation === "<=" ? "raise" : "lower"} ${reason.budget.key} to ${sufficientText(reason.budget.key, reason.budget.relation === "<=" ? reason.needed.high : reason.needed.low, reason.budget.relation)}`;
    case "out-of-reach": return `lower ${reason.budget.key} to about ${downText(reason.budget.key, likelyBound(reason))}, and run plan make`;
    case "region-too-small": return `free ${upText("ram", reason.neededBytes.high - reason.availableBytes)} in ${reason.region}, or choose a device with more`;
    case "buffer-too-large": return `choose a device whose ${reason.region} takes a buffer of ${upText("ram", reason.neededBytes)}`;
    case "unknown-cost": return reason.budget.key === "delegate" ? "waive delegate with none, or choose a runtime that says where layers run" : `state ${reason.missing}`;
    case "unknown-region": case "not-assessed": return `state ${reason.missing}`;
    case "weak-evidence": return reason.budget.evidence === "measured" ? "run plan measure on the device and import the result" : `accept ${reason.basis} evidence for ${reason.budget.key}`;
    case "too-few-samples": return reason.samplesNeeded === null ? `lower ${reason.budget.key}` : `label ${2 * reason.samplesNeeded} samples (${reason.samplesNeeded} in each half)`;
    case "not-evaluated": return reason.why === "time-box" ? "raise task.evaluation.timeBox" : "run plan make";
    case "no-calibration": return "add task.calibration.data: representative inputs, labels are not needed";
    case "violates-policy": return `allow the ${reason.policy} ${reason.found}`;
    case "unsupported-op": return `replace ${reason.op}, or choose a runtime that has it`;
    case "outranked": case "tied": return null;
    default: return reason satisfies never;
  }
}

/** A met budget, with the number that meets it. */
export function wordProof(budget: Budget, needed: Estimate): string {
  return `${keyText(budget.key)} ${estimateText(budget.key, needed)}, ${limitText(budget)}`;
}

export function keyText(key: BudgetKey | PreferKey): string {
  return { accuracy: "accuracy", drop: "accuracy lost to the float model", latency: "latency", ram: "RAM", flash: "flash", bundle: "bundle", energy: "energy", cost: "cost", delegate: "delegate coverage" }[key];
}

function limitText({ relation, key, limit }: Budget): string {
  return `${relation === "<=" ? "at most" : "at least"} ${quantityText(key, limit)}`;
}

function wordOverLimit({ budget, needed, largest, half }: Reason & { readonly kind: "over-limit" }): string {
  const bad = budget.relation === "<=" ? needed.high : needed.low;
  const [found, limit] = sidesText(budget.key, bad, budget.limit);
  const where = half === null ? "" : ` on the ${half} half`;
  const relation = budget.relation === "<=" ? ">" : "<";
  const middle = needed.low === needed.high ? "" : `, ${quantityText(budget.key, needed.expected)} expected`;
  return `${keyText(budget.key)} ${found} > ${limit}${where} (${originText(budget.key, needed)}${middle}${largest === null ? "" : `; ${budget.key === "delegate" ? "most of what is left out" : "most of it"}: ${largest}`})`.replace(" > ", ` ${relation} `);
}

function wordOutOfReach({ budget, half, correct, samples, available, attainable }: Reason & { readonly kind: "out-of-reach" }): string {
  const [bound, limit] = sidesText(budget.key, attainable, budget.limit);
  const rate = samples === 0 ? "" : ` ${quantityText(budget.key, correct / samples)}`;
  return `${keyText(budget.key)}${rate} after ${samples} of ${available} samples of the ${half} half: even with all the rest right it would prove only ${bound}, below ${limit}`;
}

function wordRegion({ region, availableBytes, neededBytes, largest }: Reason & { readonly kind: "region-too-small" }): string {
  return `needs ${pair(neededBytes.high, availableBytes, "what")} ${region} has free (most of it: ${largest})`;
}

function pair(needed: number, limit: number, name: string): string {
  const [left, right] = sidesText("ram", needed, limit);
  return `${left} > ${right}, ${name}`;
}

function wordSamples({ budget, half, needed, samples, samplesNeeded }: Reason & { readonly kind: "too-few-samples" }): string {
  const enough = samplesNeeded === null ? "no number of samples would" : `${samplesNeeded} would`;
  if (needed === null) return `${samples} samples in the ${half} half cannot prove ${keyText(budget.key)} ${limitText(budget)} by any result; ${enough}`;
  const [found, limit] = sidesText(budget.key, needed.expected, budget.limit);
  return `${keyText(budget.key)} ${found} looks better than ${limit}, but ${samples} samples in the ${half} half do not prove it; ${enough}`;
}

function wordNotEvaluated({ budget, why }: Reason & { readonly kind: "not-evaluated" }): string {
  const what = budget === null ? "accuracy" : keyText(budget.key);
  switch (why) {
    case "time-box": return `${what} not evaluated: the time box ended first`;
    case "pending": return `${what} is being asked for`;
    case "not-needed": return `${what} not needed yet: a better candidate is still undecided`;
    default: return why satisfies never;
  }
}

function wordOutranked({ key, higherIsBetter, own, best, tolerance }: Reason & { readonly kind: "outranked" }): string {
  if (own === null) return `${keyText(key)} is unknown, and the best has ${quantityText(key, best)}`;
  const [mine, others] = sidesText(key, own, best);
  const band = tolerance === 0 ? "" : `, and the tolerance is ${quantityText("accuracy", tolerance)}`;
  return `${keyText(key)} ${mine} ${higherIsBetter ? "<" : ">"} ${others}, the best${band}`;
}

/** Rounded so that the limit as printed is enough: up for "at most", down for "at least". */
function sufficientText(key: BudgetKey, value: number, relation: Budget["relation"]): string {
  return relation === "<=" ? upText(key, value) : downText(key, value);
}

/** A step of three digits: what rounding can take away. */
const STEP = 0.005;

function upText(key: BudgetKey, value: number): string {
  return quantityText(key, value * (1 + STEP));
}

function downText(key: BudgetKey, value: number): string {
  return quantityText(key, value * (1 - STEP));
}
