import { invariant } from "@edgewise/graph";
import type { Device } from "./schema/device.ts";
import type { Digest, EvaluationFacts, Measurement, ModelFacts, TargetFacts } from "./schema/facts.ts";
import type { Candidate, Deployment, Plan, Unmeasured, Wanted } from "./schema/plan.ts";
import type { Runtime } from "./schema/runtime.ts";
import type { Spec, Target } from "./schema/spec.ts";
import { type Option, candidatesOf } from "./search/candidates.ts";
import { type Contender, decide } from "./search/decide.ts";
import { type Evidence, evidenceOf } from "./search/evidence.ts";
import { checkFeasible } from "./search/feasible.ts";
import { sortedBy } from "./search/order.ts";
import { type Court, judge } from "./search/prove.ts";

/** Everything a plan follows from. Order of lists does not matter. */
export interface PlanInput {
  readonly spec: Spec;
  readonly models: readonly ModelFacts[];
  readonly catalog: { readonly devices: readonly Device[] };
  readonly runtimes: readonly Runtime[];
  /** What adapters said about candidates; `candidates` lists whom to ask about. */
  readonly facts: readonly TargetFacts[];
  readonly measurements: readonly Measurement[];
  /** By model digest: the digest of what fixes its integers. Null or left out: it cannot be made int8. */
  readonly calibrations: Readonly<Record<Digest, Digest | null>>;
  /** Null: no labelled data. */
  readonly evaluation: EvaluationFacts | null;
  /** Arithmetics that cannot be run here: an accuracy in them that is not known already stays unknown. Left out: none. */
  readonly unmeasured?: readonly Unmeasured[];
}

/** What candidates follow from: a plan's input before anything is assessed. */
export type CandidatesInput = Pick<PlanInput, "spec" | "models" | "catalog" | "runtimes">;

/**
 * Decides every target: the smallest candidate, by `prefer`, that meets every budget, and for every other one the
 * reason. Pure, synchronous, deterministic; sees neither weights nor graphs. What it cannot know from its input it
 * asks for: while `wanted` is not empty, measure it, add the facts, and plan again.
 *
 * Every target's device must be in the catalog. Each target is decided alone.
 */
export function plan(input: PlanInput): Plan {
  const shared: Shared = {
    input,
    devices: new Map(input.catalog.devices.map((device) => [device.id, device])),
    evidence: evidenceOf(input.facts, input.measurements),
  };
  const decisions = sortedBy(input.spec.targets, ({ name }) => name).map((target) => decideTarget(target, shared));
  const wanted = decisions.flatMap((decision) => decision.wanted);
  return { version: 1, deployments: decisions.map(({ deployment }) => deployment), wanted, complete: wanted.length === 0 };
}

/** Every candidate of every target, for an adapter to assess. */
export function candidates(input: CandidatesInput): readonly Candidate[] {
  const devices = new Map(input.catalog.devices.map((device) => [device.id, device]));
  return sortedBy(input.spec.targets, ({ name }) => name).flatMap((target) =>
    optionsOf(target, { input, devices }).map(({ candidate }) => candidate));
}

interface Shared {
  readonly input: PlanInput;
  readonly devices: ReadonlyMap<string, Device>;
  readonly evidence: Evidence;
}

function decideTarget(target: Target, shared: Shared): { readonly deployment: Deployment; readonly wanted: readonly Wanted[] } {
  const { input } = shared;
  const metric = input.spec.task.evaluation?.metric ?? null;
  const court: Court = {
    target, metric, evaluation: input.evaluation, evidence: shared.evidence, calibrations: input.calibrations, unmeasured: input.unmeasured ?? [],
    budgets: target.budgets.filter(({ key }) => key === "accuracy" || key === "drop"), ranks: target.prefer.order.includes("accuracy"),
  };
  const contenders = optionsOf(target, shared).map((option) => contend(option, court, shared));
  const { choice, rejected, wanted } = decide(contenders, { target, metric });
  return { deployment: { target: target.name, device: target.device, budgets: target.budgets, prefer: target.prefer, choice, rejected }, wanted };
}

function optionsOf(target: Target, { input, devices }: { readonly input: CandidatesInput; readonly devices: ReadonlyMap<string, Device> }): readonly Option[] {
  return candidatesOf({ target, device: deviceOf(target, devices), models: input.models, runtimes: input.runtimes });
}

function deviceOf(target: Target, devices: ReadonlyMap<string, Device>): Device {
  const device = devices.get(target.device);
  invariant(device !== undefined, `target ${target.name}: no device ${target.device} in the catalog`);
  return device;
}

function contend(option: Option, court: Court, { input, devices, evidence }: Shared): Contender {
  const { candidate } = option;
  const { costs, reasons } = checkFeasible({
    option, target: court.target, device: deviceOf(court.target, devices),
    facts: evidence.facts(candidate), measured: evidence.latency(candidate), calibrations: input.calibrations,
  });
  const judgement = judge(option, court);
  if (judgement.accuracy !== null) costs.accuracy = judgement.accuracy;
  if (judgement.drop !== null) costs.drop = judgement.drop;
  return { candidate, costs, reasons: judgement.reasons.length === 0 ? reasons : [...reasons, ...judgement.reasons], judgement };
}
