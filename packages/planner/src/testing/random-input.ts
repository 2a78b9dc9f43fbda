import type { PlanInput } from "../plan.ts";
import { scaled } from "../cost/estimate.ts";
import { candidates } from "../plan.ts";
import type { Device } from "../schema/device.ts";
import type { AccuracyFact, AccuracyKey, EvaluationFacts, LatencyFact, Measurement, ModelFacts, TargetFacts } from "../schema/facts.ts";
import type { Candidate } from "../schema/plan.ts";
import { type Precision, type Runtime, needsCalibration } from "../schema/runtime.ts";
import type { Basis, Sourced } from "../schema/sourced.ts";
import type { Budget, BudgetKey, PreferKey, Spec, Target } from "../schema/spec.ts";
import { wilson } from "../statistics/wilson.ts";
import { type Seeded, seeded } from "./seeded.ts";

export interface RandomShape {
  readonly seed: number;
  readonly models: number;
  readonly targets: number;
  /** Share of the candidates whose accuracy is measured, both halves. */
  readonly measured: number;
}

/** Few distinct values, so that ties, bands and limits hit exactly as often as they miss. */
const ladder = [100, 102, 104, 106, 108, 112, 130, 200, 400];
const evaluation: EvaluationFacts = { data: "data", contract: "contract", samples: { selection: 200, confirmation: 200 } };
const limits: Readonly<Record<BudgetKey, readonly number[]>> = {
  accuracy: [0.5, 0.9, 0.95, 0.97, 0.99], drop: [0.01, 0.03, 0.1], latency: [104, 112, 200, 500], ram: [104, 108, 200, 500], flash: [104, 108, 200, 500],
  bundle: [104, 108, 200, 500], energy: [0.05, 0.1, 1], cost: [0.001, 0.01, 1], delegate: [0.5, 0.9, 1],
};
const preferKeys: readonly PreferKey[] = ["ram", "flash", "bundle", "latency", "energy", "cost", "accuracy"];

/** A small planning problem with everything that can happen in one: unknowns, ties, refusals, every budget. */
export function randomInput(shape: RandomShape): PlanInput {
  const random = seeded(shape.seed);
  const devices = times(3, (index) => randomDevice(random, index));
  const models = times(shape.models, (index) => randomModel(random, index));
  const runtimes = times(2, (index) => randomRuntime(random, index));
  const spec = randomSpec(random, times(shape.targets, (index) => randomTarget(random, `target${index}`, devices)));
  const base = { spec, models, catalog: { devices }, runtimes };
  const asked = distinct(candidates(base));
  const calibrations = Object.fromEntries(models.map(({ digest }) => [digest, random.chance(0.9) ? `calibration of ${digest}` : null]));
  const input: PlanInput = {
    ...base, calibrations, ...(random.chance(0.2) ? { unmeasured: [{ numerics: "fast1", precisions: ["int8", "int16x8"], missing: "a machine" }] } : {}), evaluation: random.chance(0.95) ? evaluation : null, measurements: [],
    facts: asked.filter(() => random.chance(0.95)).map((candidate) => randomFacts(random, candidate)),
  };
  return { ...input, measurements: randomMeasurements(random, { input, asked, share: shape.measured }) };
}

function distinct(all: readonly Candidate[]): readonly Candidate[] {
  return [...new Map(all.map((candidate) => [candidate.id, candidate])).values()];
}

function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function sourced(value: number, basis: Basis = "published"): Sourced<number> {
  return { value, basis, ref: "https://example.org", date: "2026-01-01" };
}

function randomDevice(random: Seeded, index: number): Device {
  const maybe = (value: number): Sourced<number> | null => (random.chance(0.8) ? sourced(value) : null);
  return {
    id: `device${index}`, name: `Device ${index}`, class: random.pick(["microcontroller", "cloud"] as const), chip: "chip",
    units: [{
      id: "cpu", kind: "cpu", isa: random.pick(["isa-a", "isa-b"]), cores: 1, clockHz: maybe(1e6),
      macsPerSecond: { ...(random.chance(0.9) ? { int8: sourced(1e6, random.pick(["assumed", "published"])) } : {}), float32: sourced(1e6) },
      bytesPerSecond: maybe(1e6), layerOverheadMs: maybe(1), callOverheadMs: maybe(1), spread: sourced(random.pick([1, 1.02, 1.5])),
      ...(random.chance(0.5) ? { instructionTiming: { cyclesPerInstruction: sourced(1), cyclesPerConstantByte: maybe(0.5), spread: sourced(random.pick([1, 1.02, 1.5])) } } : {}),
    }],
    memory: [
      { id: "sram", kind: "ram", bytes: random.chance(0.95) ? sourced(random.pick([110, 220, 1000])) : null, reserveBytes: maybe(4), largestBufferBytes: random.chance(0.3) ? sourced(60) : null },
      { id: "sram2", kind: "ram", bytes: sourced(random.pick([50, 107, 300])), reserveBytes: null, largestBufferBytes: null },
      { id: "flash", kind: "flash", bytes: sourced(random.pick([108, 1000])), reserveBytes: null, largestBufferBytes: null },
    ],
    activeWatts: maybe(0.5), ...(random.chance(0.5) ? { activeWattsSpread: sourced(1.5) } : {}), usdPerHour: maybe(0.1),
    runtimes: { runtime0: { ...sourced(1), value: true }, ...(random.chance(0.7) ? { runtime1: { ...sourced(1), value: true as const } } : {}) },
  };
}

function randomModel(random: Seeded, index: number): ModelFacts {
  return {
    file: `models/m${index}.onnx`, digest: `model${index}`, family: "family", variant: `m${index}`, licence: null,
    resolution: random.chance(0.5) ? { heightPx: 32, widthPx: 32 } : null, parameters: 100, macs: 1000,
    input: { name: "in", dtype: "float32", shape: [1] }, output: { name: "out", dtype: "float32", shape: [1] }, quantized: random.chance(0.1),
  };
}

function randomRuntime(random: Seeded, index: number): Runtime {
  const precisions: readonly Precision[] = random.pick([["int8"], ["float32", "int8"], ["float32", "int8", "int8-weights"], ["float32", "int16x8", "int8-dynamic"]] as const);
  return {
    id: `runtime${index}`, version: "1.0.0", summary: "",
    backends: [
      { id: "portable", unitKind: "cpu", isas: [], precisions, numerics: "reference" },
      { id: "fast", unitKind: "cpu", isas: ["isa-a"], precisions, numerics: `fast${index}`, ...(random.chance(0.3) ? { standIn: "reference" } : {}) },
    ],
  };
}

function randomSpec(random: Seeded, targets: readonly Target[]): Spec {
  return {
    version: 1, models: [], targets,
    task: {
      kind: "tensor", input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "tensor" }, labelsFile: null, calibration: null,
      evaluation: { data: "data", metric: random.pick(["top1", "top1", "top1", "f1", "mse"] as const), timeBoxMs: 1000 },
    },
  };
}

export function randomTarget(random: Seeded, name: string, devices: readonly Device[]): Target {
  const keys = (Object.keys(limits) as BudgetKey[]).filter(() => random.chance(0.3));
  return {
    name, device: random.pick(devices).id,
    budgets: keys.map((key): Budget => {
      const limit = random.pick(limits[key]);
      const relation = key === "accuracy" || key === "delegate" ? ">=" : "<=";
      return { key, relation, limit, evidence: random.pick(["assumed", "assumed", "assumed", "modelled"] as const), text: `${relation} ${limit}` };
    }),
    precisions: random.chance(0.1) ? ["int8"] : null, runtimes: random.chance(0.1) ? ["runtime0"] : null,
    prefer: { order: random.shuffle(preferKeys).slice(0, random.int(1, 3)), tolerance: random.pick([0, 0.02, 0.05, 0.5]) },
  };
}

function randomFacts(random: Seeded, candidate: Candidate): TargetFacts {
  const total = (): TargetFacts["bundleBytes"] => {
    const expected = random.pick(ladder);
    return { low: expected, expected, high: random.chance(0.8) ? expected : expected + 10, basis: "modelled" };
  };
  const bill = (region: "ram" | "flash"): TargetFacts["memory"][number] => {
    const bytes = total();
    return { region, items: [{ name: "part", bytes: bytes.expected }], total: bytes, largestBufferBytes: random.pick([10, 70]) };
  };
  const { model, precision, resolution, device, runtime, runtimeVersion, backend } = candidate;
  return {
    model, precision, resolution, device, runtime, runtimeVersion, backend,
    layers: [{ node: "n1", op: "Conv", supported: true, rule: "conv", macs: 1 }, { node: "n2", op: "GridSample", supported: random.chance(0.9), rule: "no kernel", macs: 1 }],
    memory: random.chance(0.95) ? [bill("ram"), bill("flash")] : [bill("ram")],
    bundleBytes: total(),
    work: [{
      unitKind: "cpu", macType: precision === "int8" ? "int8" : "float32", macs: 1000 * random.pick(ladder), bytesMoved: 1000, layers: 2,
      ...(random.chance(0.5) ? { instructions: scaled(total(), 1000, "modelled"), constantBytes: random.pick([0, 10_000]) } : {}),
    }],
    ...(random.chance(0.8) ? { delegateCoverage: coverageOf(random) } : {}),
  };
}

function coverageOf(random: Seeded): TargetFacts["bundleBytes"] {
  const expected = random.pick([0, 0.5, 0.9, 0.95, 1]);
  return { low: expected * random.pick([1, 1, 0.9]), expected, high: Math.min(1, expected * 1.1), basis: "modelled" };
}

function randomMeasurements(random: Seeded, about: { readonly input: PlanInput; readonly asked: readonly Candidate[]; readonly share: number }): readonly Measurement[] {
  const facts = new Map<string, Measurement>();
  const { input } = about;
  for (const candidate of about.asked) {
    if (random.chance(0.2)) facts.set(`latency ${candidate.id}`, randomLatency(random, candidate));
    const key = accuracyKey(input, candidate);
    if (key === null || input.unmeasured?.some(({ numerics, precisions }) => numerics === key.numerics && precisions.includes(key.precision)) === true || !random.chance(about.share)) continue;
    const rate = random.pick([0.4, 0.92, 0.96, 0.985, 1]);
    for (const half of ["selection", "confirmation"] as const) facts.set(`${half} ${JSON.stringify(key)}`, accuracyOf(random, { key, half, rate }));
  }
  return [...facts.values()];
}

function randomLatency(random: Seeded, { device, runtime, runtimeVersion, backend, model, precision, resolution }: Candidate): LatencyFact {
  const expected = random.pick(ladder);
  return {
    kind: "latency", device, runtime, runtimeVersion, backend, model, precision, resolution, runs: 100, p50Ms: expected, p95Ms: expected + 5,
    value: { low: expected - 1, expected, high: expected + 1, basis: "measured" },
  };
}

/** The key under which the planner looks for a candidate's accuracy. */
function accuracyKey(input: PlanInput, candidate: Candidate): AccuracyKey | null {
  const metric = input.spec.task.evaluation?.metric;
  const backend = input.runtimes.find(({ id }) => id === candidate.runtime)?.backends.find(({ id }) => id === candidate.backend);
  if (metric === undefined || backend === undefined) return null;
  const calibration = needsCalibration(candidate.precision) ? (input.calibrations[candidate.model] ?? null) : null;
  return { model: candidate.model, precision: candidate.precision, resolution: candidate.resolution, calibration, numerics: backend.standIn ?? backend.numerics, data: evaluation.data, contract: evaluation.contract, metric };
}

function accuracyOf(random: Seeded, { key, half, rate }: { readonly key: AccuracyKey; readonly half: AccuracyFact["half"]; readonly rate: number }): AccuracyFact {
  const available = evaluation.samples[half];
  const correct = Math.min(available, Math.max(0, Math.round(rate * available) + random.int(-2, 2)));
  const counts = key.metric === "top1";
  const lost = random.int(0, Math.min(8, available - correct));
  const { low, high } = wilson(correct, available);
  return {
    kind: "accuracy", key, half, samples: available, available, correct: counts ? correct : null,
    paired: counts ? { bothRight: correct, lost, gained: 0, bothWrong: available - correct - lost } : null,
    complete: true, stopped: "all-samples", value: { low, expected: correct / available, high, basis: "measured" },
  };
}
