import type { Device } from "../schema/device.ts";
import type { LatencyFact, TargetFacts } from "../schema/facts.ts";
import type { Backend } from "../schema/runtime.ts";
import type { BudgetKey } from "../schema/spec.ts";
import { energyJoules } from "./energy.ts";
import { type Cost, missing } from "./estimate.ts";
import { modelledLatency } from "./latency.ts";
import { billOf, largestItem, memoryBytes } from "./memory.ts";
import { usdPer1k } from "./money.ts";

/** Costs that follow from facts; accuracy and drop are measured. */
export type FactCostKey = Exclude<BudgetKey, "accuracy" | "drop">;
export const factCosts: readonly FactCostKey[] = ["latency", "ram", "flash", "bundle", "energy", "cost", "delegate"];

export interface CostInput {
  readonly facts: TargetFacts;
  readonly device: Device;
  readonly backend: Backend;
  /** Measured on this very device, runtime and artefact; it replaces the model. */
  readonly measured: LatencyFact | null;
}

/** Every cost of a candidate; units are those of `Budget.limit`. */
export function costsOf({ facts, device, backend, measured }: CostInput): Readonly<Record<FactCostKey, Cost>> {
  const latency = measured === null ? modelledLatency(facts.work, device, backend) : measured.value;
  return {
    latency,
    ram: memoryBytes(facts.memory, "ram"),
    flash: memoryBytes(facts.memory, "flash"),
    bundle: facts.bundleBytes,
    energy: measuredEnergy(measured) ?? energyJoules(latency, device),
    cost: usdPer1k(latency, device),
    delegate: measured?.run?.delegateCoverage ?? facts.delegateCoverage ?? missing(`share of the work that ${facts.runtime} places on its ${facts.backend}`),
  };
}

function measuredEnergy(measured: LatencyFact | null): Cost | null {
  const joules = measured?.run?.energyJoules ?? null;
  return joules === null ? null : { low: joules, expected: joules, high: joules, basis: "measured" };
}

/** What the largest part of a cost is called, where the cost is a bill; of coverage, what it leaves out. */
export function largestPart(key: BudgetKey, facts: TargetFacts): string | null {
  if (key === "ram") return largestItem(billOf(facts.memory, "ram"));
  if (key === "flash") return largestItem(billOf(facts.memory, "flash") ?? billOf(facts.memory, "storage"));
  if (key === "delegate" && facts.largestUndelegated !== undefined) return `${facts.largestUndelegated.op} at ${facts.largestUndelegated.node}: ${facts.largestUndelegated.rule}`;
  return null;
}
