import { type CandidatesInput, type PlanInput, candidates, plan } from "@edgewise/planner";
import { type AccuracyFact, type CalibrationFact, type EvaluationFacts, type Lock, type ModelFacts, type Plan, type TargetFacts, type Wanted, needsCalibration } from "@edgewise/planner/schema";
import { adapters } from "../adapters.ts";
import { Trouble } from "../disk/trouble.ts";
import { classMismatches } from "./classes.ts";
import { type Laboratory, openLaboratory } from "./laboratory.ts";
import { describeModels } from "./describe.ts";
import { type InputDigests, inputDigests } from "./inputs.ts";
import { taskContract } from "./labels.ts";
import { unmeasuredHere } from "./machines.ts";
import type { Report } from "./progress.ts";
import { calibrationKey } from "./recipe.ts";
import type { Workspace } from "./workspace.ts";

/** Every round measures something that was asked for; a plan that asks the same thing twice is our mistake. */
const MAX_ROUNDS = 1000;

/**
 * The ask-measure-ask loop: plan, measure what the plan asks for, add the facts, plan again, until nothing is asked.
 * Facts of the previous lock are used where their keys still hold, so that with nothing changed nothing is read twice.
 */
export async function decide(workspace: Workspace, lock: Lock | null, report: Report): Promise<Lock> {
  const contract = await taskContract(workspace);
  const digests = await inputDigests(workspace, contract);
  // Another version may read, lower or round otherwise: what it found is found again.
  const previous = lock?.inputs["edgewise"] === digests.all["edgewise"] ? lock : null;
  report("reading models");
  const models = await describeModels(workspace, previous?.models ?? null);
  const mismatches = classMismatches(workspace, contract, models);
  if (mismatches.length > 0) throw new Trouble(mismatches);
  const runtimes = adapters.map(({ runtime }) => runtime);
  const basis: CandidatesInput = { spec: workspace.spec, models, catalog: { devices: workspace.devices }, runtimes };
  const laboratory = openLaboratory({ workspace, contract, digests, models });
  report("asking adapters about support and memory");
  const facts = await assessAll(basis, { laboratory, previous, digests });
  const evaluation = sameEvaluation(previous, digests) ?? await laboratory.evaluation();
  const calibrations = Object.fromEntries(models.map((model) => [model.digest, calibrationKey(model, workspace.spec, digests)]));
  const unmeasured = await unmeasuredHere(numericsOf(basis));
  const input: PlanInput = { ...basis, facts, measurements: [], calibrations, evaluation, unmeasured };
  const known = [...(previous?.accuracies ?? [])];
  const latencies = previous?.latencies ?? [];
  let current = plan({ ...input, measurements: [...known, ...latencies] });
  for (let round = 0; current.wanted.length > 0 && round < MAX_ROUNDS; round++) {
    known.push(...await measureAll(current.wanted, laboratory, report));
    current = plan({ ...input, measurements: [...known, ...latencies] });
  }
  const keys = new Set(Object.values(calibrations));
  const accuracies = known.filter(({ key }) => key.data === digests.evaluationData && key.contract === digests.contract && (key.calibration === null || keys.has(key.calibration)));
  return {
    version: 1, inputs: { ...digests.all, ...Object.fromEntries(models.map((model) => [`model:${model.file}`, model.digest])) }, contract, models,
    calibrations: await chosenCalibrations(current, { laboratory, previous, models, calibrations }),
    facts: facts.map(withoutSupportedLayers), accuracies: sorted(accuracies), latencies, evaluation, ...(unmeasured.length > 0 ? { unmeasured } : {}), plan: current,
  };
}

/** Arithmetics that the candidates' accuracies would be measured in. */
function numericsOf(basis: CandidatesInput): ReadonlySet<string> {
  const backends = new Map(basis.runtimes.flatMap((runtime) => runtime.backends.map((backend) => [`${runtime.id}/${backend.id}`, backend] as const)));
  return new Set(candidates(basis).flatMap(({ runtime, backend: id }) => {
    const backend = backends.get(`${runtime}/${id}`);
    return backend === undefined ? [] : [backend.standIn ?? backend.numerics];
  }));
}

async function measureAll(wanted: readonly Wanted[], laboratory: Laboratory, report: Report): Promise<readonly AccuracyFact[]> {
  const facts: AccuracyFact[] = [];
  for (const want of wanted) facts.push(await laboratory.accuracy(want, report));
  return facts;
}

interface Reuse {
  readonly laboratory: Laboratory;
  readonly previous: Lock | null;
  readonly digests: InputDigests;
}

async function assessAll(basis: CandidatesInput, { laboratory, previous, digests }: Reuse): Promise<readonly TargetFacts[]> {
  const keyOf = (about: Pick<TargetFacts, "model" | "precision" | "resolution" | "device" | "runtime" | "runtimeVersion" | "backend">): string =>
    JSON.stringify([about.model, about.precision, about.resolution, about.device, about.runtime, about.runtimeVersion, about.backend]);
  const same = (name: string): boolean => previous?.inputs[name] === digests.all[name];
  const contractHolds = same("contract");
  const old = new Map((previous?.facts ?? []).filter(({ device, runtime }) => contractHolds && same(`device:${device}`) && same(`runtime:${runtime}`)).map((fact) => [keyOf(fact), fact]));
  const facts = new Map<string, TargetFacts>();
  for (const candidate of candidates(basis)) {
    const key = keyOf(candidate);
    if (!facts.has(key)) facts.set(key, old.get(key) ?? await laboratory.assess(candidate));
  }
  return [...facts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
}

/** The lock keeps what the decision needs: of the layers, those that are refused. `plan inspect` shows them all. */
function withoutSupportedLayers(facts: TargetFacts): TargetFacts {
  return { ...facts, layers: facts.layers.filter(({ supported }) => !supported) };
}

function sameEvaluation(previous: Lock | null, digests: InputDigests): EvaluationFacts | null {
  const old = previous?.evaluation ?? null;
  return old !== null && old.data === digests.evaluationData && old.contract === digests.contract ? old : null;
}

/** Ranges of the int8 models that were chosen: what emission needs, and no more. */
async function chosenCalibrations(
  current: Plan, about: Pick<Reuse, "laboratory" | "previous"> & { readonly models: readonly ModelFacts[]; readonly calibrations: PlanInput["calibrations"] },
): Promise<readonly CalibrationFact[]> {
  const chosen = new Set(current.deployments.flatMap(({ choice }) => choice !== null && needsCalibration(choice.candidate.precision) ? [choice.candidate.model] : []));
  const facts: CalibrationFact[] = [];
  for (const model of about.models.filter(({ digest, quantized }) => chosen.has(digest) && !quantized)) {
    const key = about.calibrations[model.digest];
    facts.push(about.previous?.calibrations.find((fact) => fact.key === key) ?? await about.laboratory.calibration(model.digest));
  }
  return facts;
}

function sorted(facts: readonly AccuracyFact[]): readonly AccuracyFact[] {
  const text = new Map(facts.map((fact) => [`${fact.half}${JSON.stringify(fact.key)}`, fact]));
  return [...text].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
}
