import { strengthOf } from "../cost/estimate.ts";
import type { AccuracyFact, AccuracyKey, Digest, EvaluationFacts, Metric } from "../schema/facts.ts";
import type { Half, Reason, Unmeasured, Wanted } from "../schema/plan.ts";
import { needsCalibration } from "../schema/runtime.ts";
import type { Estimate } from "../schema/sourced.ts";
import type { Budget, Target } from "../schema/spec.ts";
import { attainable, decideRate } from "../statistics/decide-rate.ts";
import { pairedDifference } from "../statistics/paired.ts";
import { samplesNeeded } from "../statistics/samples-needed.ts";
import { wilson } from "../statistics/wilson.ts";
import type { Option } from "./candidates.ts";
import { type Evidence, type Scored, asMeasuredFor } from "./evidence.ts";

/** What accuracy is judged by in one target. */
export interface Court {
  readonly target: Target;
  /** Those of its budgets that are about accuracy. */
  readonly budgets: readonly Budget[];
  /** Whether `prefer` names accuracy, so that its value counts and not only its bound. */
  readonly ranks: boolean;
  readonly metric: Metric | null;
  readonly evaluation: EvaluationFacts | null;
  readonly evidence: Evidence;
  /** By model; what fixes its integers. */
  readonly calibrations: Readonly<Record<Digest, Digest | null>>;
  readonly unmeasured: readonly Unmeasured[];
}

/** Where a candidate stands on `accuracy` and `drop`, on both halves, with the measurements at hand. */
export interface Judgement {
  readonly state: "met" | "failed" | "open";
  readonly reasons: readonly Reason[];
  /** The one measurement that takes it further; null unless open. */
  readonly wanted: Wanted | null;
  readonly accuracy: Estimate | null;
  readonly drop: Estimate | null;
  /** The selection half's value, by which `prefer: accuracy` ranks; null while it is not measured. */
  readonly ranking: number | null;
}

/** Metrics that count right answers. */
const rates: ReadonlySet<Metric> = new Set(["top1", "top5", "agreement"]);

/**
 * A candidate must meet every accuracy budget on the selection half and again on the confirmation half (adr/0004).
 * The halves are asked for one after the other: most candidates that will fail, fail on the first.
 */
export function judge(option: Option, court: Court): Judgement {
  const { budgets, ranks } = court;
  if (budgets.length === 0 && !ranks) return undisputed;
  const key = accuracyKeyOf(option, court);
  if (key === null) {
    const reasons = budgets.map((budget): Reason => ({ kind: "unknown-cost", budget, missing: "labelled evaluation data" }));
    return reasons.length > 0 ? { ...undisputed, state: "failed", reasons } : undisputed;
  }
  for (const budget of budgets) {
    const reason = provableByNoResult(budget, option, court);
    if (reason !== null) return { ...undisputed, state: "failed", reasons: [reason] };
  }
  return judgeHalves({ option, court, key });
}

const undisputed: Judgement = { state: "met", reasons: [], wanted: null, accuracy: null, drop: null, ranking: null };

interface Case {
  readonly option: Option;
  readonly court: Court;
  readonly key: AccuracyKey;
}

function judgeHalves(about: Case): Judgement {
  const { option, court, key } = about;
  const selection = asMeasuredFor(option.backend, court.evidence.selection(key));
  const confirmation = court.budgets.length === 0 ? null : asMeasuredFor(option.backend, court.evidence.confirmation(key));
  const { state, reasons, half } = withoutMeasuring(verdictOnHalves(about, { selection, confirmation }), about);
  const latest = confirmation ?? selection;
  return {
    state, reasons, wanted: half === null ? null : wantedFor(about, half),
    accuracy: latest?.estimate ?? null,
    drop: dropOf(about, latest?.fact ?? null),
    ranking: rankingOf(selection),
  };
}

/** Where its arithmetic cannot be run, a verdict that waits for a measurement is that the accuracy is unknown. */
function withoutMeasuring(verdict: HalvesVerdict, { court: { unmeasured, budgets }, key }: Case): HalvesVerdict {
  const gap = unmeasured.find(({ numerics, precisions }) => numerics === key.numerics && precisions.includes(key.precision));
  if (verdict.half === null || gap === undefined) return verdict;
  const reasons = budgets.map((budget): Reason => ({ kind: "unknown-cost", budget, missing: gap.missing }));
  return { state: reasons.length > 0 ? "failed" : "met", reasons, half: null };
}

/** The value that ranks: of all samples, or of as many as the time box allowed. */
function rankingOf(selection: Scored | null): number | null {
  if (selection === null) return null;
  const { fact, estimate } = selection;
  return fact.samples === fact.available || fact.stopped === "time-box" ? estimate.expected : null;
}

interface HalvesVerdict extends Pick<Judgement, "state" | "reasons"> {
  /** The half to measure next. */
  readonly half: Half | null;
}

function verdictOnHalves(about: Case, scores: { readonly selection: Scored | null; readonly confirmation: Scored | null }): HalvesVerdict {
  const { budgets, ranks } = about.court;
  for (const half of halves) {
    if (half === "confirmation" && budgets.length === 0) break;
    const score = scores[half];
    if (score === null) return { state: "open", reasons: [], half };
    const reasons: Reason[] = [];
    let open = half === "selection" && ranks && rankingOf(score) === null;
    for (const budget of budgets) {
      const verdict = verdictOn(budget, score, about);
      if (verdict === "open") open = true;
      else if (verdict !== "met") reasons.push(verdict);
    }
    if (reasons.length > 0) return { state: "failed", reasons, half: null };
    if (open) return { state: "open", reasons, half };
  }
  return { state: "met", reasons: [], half: null };
}

const halves = ["selection", "confirmation"] as const satisfies readonly Half[];

function accuracyKeyOf({ candidate, model, backend }: Option, { metric, evaluation, calibrations }: Court): AccuracyKey | null {
  if (metric === null || evaluation === null) return null;
  return {
    model: candidate.model, precision: candidate.precision, resolution: candidate.resolution,
    calibration: needsCalibration(candidate.precision) ? (calibrations[model.digest] ?? null) : null,
    numerics: backend.standIn ?? backend.numerics, data: evaluation.data, contract: evaluation.contract, metric,
  };
}

/** What can be said before anything is run: the reason that no result could remove. */
function provableByNoResult(budget: Budget, { candidate, model }: Option, { metric, evaluation }: Court): Reason | null {
  if (metric === null || evaluation === null) return null;
  const unknown = (missing: string): Reason => ({ kind: "unknown-cost", budget, missing });
  if (budget.key === "drop") {
    if (model.quantized) return unknown(`the float model of ${model.file}, which holds only integers`);
    return candidate.precision === "float32" || rates.has(metric) ? null : unknown(`a loss in ${metric}: pairs are counted for top1, top5 and agreement`);
  }
  if (metric === "mse") return unknown("an accuracy: the metric is mse, which is an error");
  if (!rates.has(metric)) return null;
  for (const half of halves) {
    const samples = evaluation.samples[half];
    if (wilson(samples, samples).low < budget.limit) {
      return { kind: "too-few-samples", budget, half, needed: null, samples, samplesNeeded: samplesNeeded(1, budget.limit) };
    }
  }
  return null;
}

function verdictOn(budget: Budget, score: Scored, about: Case): "met" | "open" | Reason {
  const { fact } = score;
  if (strengthOf(fact.value.basis) < strengthOf(budget.evidence)) return { kind: "weak-evidence", budget, basis: fact.value.basis };
  return budget.key === "drop" ? dropVerdict(budget, fact, about) : accuracyVerdict(budget, score);
}

function accuracyVerdict(budget: Budget, { fact, estimate: needed }: Scored): "met" | "open" | Reason {
  const { correct, samples, available } = fact;
  if (correct === null && !fact.complete) return unfinished(budget, fact);
  const state = correct === null ? (needed.low >= budget.limit ? "met" : "missed") : decideRate({ correct, samples, available }, budget.limit);
  if (state === "open") return unfinished(budget, fact);
  if (state === "met") return "met";
  if (correct !== null && samples < available && needed.expected <= budget.limit) {
    return { kind: "out-of-reach", budget, half: fact.half, correct, samples, available, attainable: attainable({ correct, samples, available }) };
  }
  if (correct === null || needed.expected <= budget.limit) return { kind: "over-limit", budget, needed, largest: null, half: fact.half };
  return { kind: "too-few-samples", budget, half: fact.half, needed, samples: available, samplesNeeded: samplesNeeded(needed.expected, budget.limit) };
}

function dropVerdict(budget: Budget, fact: AccuracyFact, about: Case): "met" | "open" | Reason {
  if (about.option.candidate.precision === "float32") return "met";
  if (fact.stopped === "time-box" && fact.samples < fact.available) return unfinished(budget, fact);
  const needed = dropOf(about, fact);
  if (needed === null || fact.samples < fact.available) return "open";
  if (needed.high <= budget.limit) return "met";
  if (needed.expected >= budget.limit) return { kind: "over-limit", budget, needed, largest: null, half: fact.half };
  // The interval narrows with the root of the samples.
  const widthRatio = (needed.high - needed.expected) / (budget.limit - needed.expected);
  return { kind: "too-few-samples", budget, half: fact.half, needed, samples: fact.samples, samplesNeeded: Math.ceil(fact.samples * widthRatio ** 2) };
}

function unfinished(budget: Budget, fact: AccuracyFact): "open" | Reason {
  return fact.stopped === "time-box" ? { kind: "not-evaluated", budget, why: "time-box" } : "open";
}

function dropOf({ option, court: { budgets } }: Case, fact: AccuracyFact | null): Estimate | null {
  if (!budgets.some(({ key }) => key === "drop")) return null;
  if (option.candidate.precision === "float32") return { low: 0, expected: 0, high: 0, basis: "measured" };
  return fact === null || fact.paired === null ? null : { ...pairedDifference(fact.paired), basis: fact.value.basis };
}

function wantedFor({ option, court, key }: Case, half: Half): Wanted {
  const { budgets, ranks } = court;
  const accuracy = budgets.find((budget) => budget.key === "accuracy");
  const paired = budgets.some((budget) => budget.key === "drop") && option.candidate.precision !== "float32";
  const everySample = paired || (ranks && half === "selection") || !rates.has(key.metric);
  return {
    kind: "accuracy", candidate: option.candidate.id, target: court.target.name, key, half, paired,
    decides: everySample || accuracy === undefined ? null : { relation: accuracy.relation, limit: accuracy.limit },
  };
}
