import type { PlanInput } from "../plan.ts";
import type { AccuracyFact, TargetFacts } from "../schema/facts.ts";
import type { Verdict } from "../schema/plan.ts";
import { needsCalibration } from "../schema/runtime.ts";
import { bases } from "../schema/sourced.ts";
import type { Budget, Target } from "../schema/spec.ts";
import { pairedDifference } from "../statistics/paired.ts";
import { wilson } from "../statistics/wilson.ts";

/** Whether a candidate meets everything, said plainly and without looking at its reasons. Costs from facts are taken as computed. */
export function meetsEverything(verdict: Verdict, target: Target, input: PlanInput): boolean {
  const { candidate } = verdict;
  const model = input.models.find(({ digest }) => digest === candidate.model);
  const facts = input.facts.find((fact) => isAbout(fact, verdict));
  if (model === undefined || facts === undefined) return false;
  if (target.precisions !== null && !target.precisions.includes(candidate.precision)) return false;
  if (target.runtimes !== null && !target.runtimes.includes(candidate.runtime)) return false;
  if (needsCalibration(candidate.precision) && !model.quantized && !input.calibrations[model.digest]) return false;
  return facts.layers.every(({ supported }) => supported) && fitsMemory(facts, candidate.device, input)
    && target.budgets.every((budget) => meets(budget, verdict, input));
}

/** The selection half's value, lower is better; how `prefer: accuracy` ranks. */
export function rankingOf(verdict: Verdict, input: PlanInput): number {
  const fact = accuracyFact(verdict, "selection", input);
  if (fact === undefined) return Infinity;
  const value = fact.correct === null ? fact.value.expected : fact.correct / fact.samples;
  return fact.key.metric === "mse" ? value : -value;
}

function isAbout(fact: TargetFacts, { candidate }: Verdict): boolean {
  return fact.model === candidate.model && fact.precision === candidate.precision && fact.device === candidate.device
    && fact.runtime === candidate.runtime && fact.backend === candidate.backend && JSON.stringify(fact.resolution) === JSON.stringify(candidate.resolution);
}

function fitsMemory(facts: TargetFacts, deviceId: string, input: PlanInput): boolean {
  const device = input.catalog.devices.find(({ id }) => id === deviceId);
  return facts.memory.every((bill) => device?.memory.some((region) =>
    region.kind === bill.region && region.bytes !== null
    && bill.total.high <= region.bytes.value - (region.reserveBytes?.value ?? 0)
    && bill.largestBufferBytes <= (region.largestBufferBytes?.value ?? Infinity)));
}

function meets(budget: Budget, verdict: Verdict, input: PlanInput): boolean {
  if (budget.key === "accuracy" || budget.key === "drop") return provesAccuracy(budget, verdict, input);
  const cost = verdict.costs[budget.key];
  return cost !== undefined && (budget.relation === "<=" ? cost.high <= budget.limit : cost.low >= budget.limit) && bases.indexOf(cost.basis) >= bases.indexOf(budget.evidence);
}

function provesAccuracy(budget: Budget, verdict: Verdict, input: PlanInput): boolean {
  const model = input.models.find(({ digest }) => digest === verdict.candidate.model);
  return (["selection", "confirmation"] as const).every((half) => {
    const fact = accuracyFact(verdict, half, input);
    if (fact === undefined || fact.key.metric === "mse" && budget.key === "accuracy") return false;
    if (budget.key === "drop") {
      if (model?.quantized) return false;
      return verdict.candidate.precision === "float32" || (fact.paired !== null && pairedDifference(fact.paired).high <= budget.limit);
    }
    return (fact.correct === null ? fact.value.low : wilson(fact.correct, fact.samples).low) >= budget.limit;
  });
}

function accuracyFact({ candidate }: Verdict, half: AccuracyFact["half"], input: PlanInput): AccuracyFact | undefined {
  if (input.evaluation === null) return undefined;
  const backend = input.runtimes.find(({ id }) => id === candidate.runtime)?.backends.find(({ id }) => id === candidate.backend);
  const calibration = needsCalibration(candidate.precision) ? (input.calibrations[candidate.model] ?? null) : null;
  return input.measurements.filter((fact) => fact.kind === "accuracy").find((fact) =>
    fact.half === half && fact.key.model === candidate.model && fact.key.precision === candidate.precision
    && JSON.stringify(fact.key.resolution) === JSON.stringify(candidate.resolution)
    && fact.key.numerics === (backend?.standIn ?? backend?.numerics) && fact.key.calibration === calibration && fact.key.metric === input.spec.task.evaluation?.metric);
}
