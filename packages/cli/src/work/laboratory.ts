import { digest } from "@edgewise/adapter";
import { type Graph, type Tensor, invariant } from "@edgewise/graph";
import { type AccuracyFact, type AccuracyKey, type CalibrationFact, type Candidate, type Digest, type EvaluationFacts, type ModelFacts, type TargetFacts, type TaskContract, type Wanted, canonicalText, needsCalibration } from "@edgewise/planner/schema";
import type { Sample } from "@edgewise/preprocess";
import { adapters } from "../adapters.ts";
import { Trouble } from "../disk/trouble.ts";
import { calibrateModel } from "./calibrate-model.ts";
import type { InputDigests } from "./inputs.ts";
import { type Machine, machineFor } from "./machines.ts";
import { findModels } from "./model-files.ts";
import { openModel } from "./model-graph.ts";
import type { Report } from "./progress.ts";
import { calibrationKey, graphInPrecision } from "./recipe.ts";
import { type OpenData, inputOf, openData } from "./samples.ts";
import { version } from "../version.ts";
import type { Workspace } from "./workspace.ts";

/** Where facts come from that need bytes: opens models and data when first asked, and keeps what it finds in the cache. */
export interface Laboratory {
  assess(candidate: Candidate): Promise<TargetFacts>;
  /** Null without labelled data. */
  evaluation(): Promise<EvaluationFacts | null>;
  calibration(model: Digest): Promise<CalibrationFact>;
  accuracy(wanted: Wanted, report: Report): Promise<AccuracyFact>;
}

interface LaboratoryInput {
  readonly workspace: Workspace;
  readonly contract: TaskContract;
  readonly digests: InputDigests;
  readonly models: readonly ModelFacts[];
}

type ModelKey = Pick<ModelFacts, "digest" | "resolution">;

export function openLaboratory(input: LaboratoryInput): Laboratory {
  const { workspace, contract, digests, models } = input;
  const { evaluation, calibration } = workspace.spec.task;
  const graphs = once((key: string) => openGraph(workspace, models, key));
  const graphOf = (model: ModelKey): Promise<Graph> => graphs(keyOf(model));
  const evaluationData = once(() => openData(workspace, "evaluation", contract));
  const deadline = Date.now() + (evaluation?.timeBoxMs ?? 0);

  const calibrationOf = once(async (model: Digest): Promise<CalibrationFact> => {
    const facts = modelOf(models, { digest: model });
    const key = calibrationKey(facts, workspace.spec, digests);
    invariant(key !== null && calibration !== null && digests.calibrationData !== null, `calibration of ${facts.file} was asked for with data`);
    const cacheKey = digest(canonicalText({ version, key }));
    const known = await workspace.cache.get("calibration", cacheKey);
    if (isCalibration(known, key)) return known;
    const graph = await graphOf(facts);
    const found = await calibrateModel(workspace, graph, contract);
    const fact: CalibrationFact = { key, model, data: digests.calibrationData, contract: digests.contract, method: found.method, samples: found.samples, ranges: found.ranges, means: found.means };
    await workspace.cache.put("calibration", cacheKey, fact);
    return fact;
  });

  const preciseGraph = async (key: AccuracyKey): Promise<Graph> => {
    const model = modelOf(models, { digest: key.model, resolution: key.resolution });
    const needsRanges = needsCalibration(key.precision) && !model.quantized;
    const graph = graphInPrecision(await graphOf(model), key.precision, { model, calibration: needsRanges ? await calibrationOf(model.digest) : null });
    if (!graph.ok) throw new Trouble(graph.errors);
    return graph.value;
  };

  return {
    async assess(candidate) {
      const adapter = adapters.find(({ runtime }) => runtime.id === candidate.runtime);
      const device = workspace.devices.find(({ id }) => id === candidate.device);
      invariant(adapter !== undefined && device !== undefined, `an adapter and a device for ${candidate.id}`);
      return adapter.assess({ graph: await graphOf({ digest: candidate.model, resolution: candidate.resolution }), model: candidate.model, precision: candidate.precision, resolution: candidate.resolution, device, backend: candidate.backend, contract });
    },
    async evaluation() {
      if (evaluation === null || digests.evaluationData === null) return null;
      const { halves } = await evaluationData("");
      return { data: digests.evaluationData, contract: digests.contract, samples: { selection: halves.selection.length, confirmation: halves.confirmation.length } };
    },
    calibration: calibrationOf,
    async accuracy(wanted, report) {
      const cacheKey = digest(canonicalText({ version, key: wanted.key, half: wanted.half, paired: wanted.paired, decides: wanted.decides }));
      const known = await workspace.cache.get("accuracy", cacheKey);
      if (isAccuracy(known, wanted)) return known;
      const model = modelOf(models, { digest: wanted.key.model, resolution: wanted.key.resolution });
      report(`measuring ${wanted.key.metric} of ${model.file} in ${wanted.key.precision} (${wanted.half} half)`);
      const graph = await preciseGraph(wanted.key);
      const float = wanted.paired || wanted.key.metric === "agreement" ? await graphOf(model) : null;
      const fact = await measureAccuracy({ wanted, graph, float, data: await evaluationData(""), contract, deadline });
      if (fact.stopped !== "time-box") await workspace.cache.put("accuracy", cacheKey, fact);
      return fact;
    },
  };
}

interface AccuracyJob {
  readonly wanted: Wanted;
  readonly graph: Graph;
  /** Run beside it on the same samples; null when pairs are not asked for. */
  readonly float: Graph | null;
  readonly data: OpenData;
  readonly contract: TaskContract;
  readonly deadline: number;
}

async function measureAccuracy({ wanted, graph, float, data, contract, deadline }: AccuracyJob): Promise<AccuracyFact> {
  const { evaluateAccuracy } = await import("@edgewise/measure");
  const machine = await machineFor(wanted.key, graph);
  const reference = float === null ? null : await machineFor({ numerics: wanted.key.numerics, precision: "float32" }, float);
  const run = (on: Machine, of: Graph) => async (sample: Sample): Promise<Tensor> => on.predict(await inputOf(data, sample, { graph: of, contract }));
  try {
    const found = await evaluateAccuracy({
      samples: data.halves[wanted.half], metric: wanted.key.metric, decides: wanted.decides,
      output: contract.output.kind === "labels" ? contract.output : null,
      predict: run(machine, graph), reference: reference === null || float === null ? null : run(reference, float),
      target: wanted.key.metric === "mse" ? (sample) => targetOf(data, sample) : null,
      deadline: () => Date.now() > deadline,
    });
    return { kind: "accuracy", key: wanted.key, half: wanted.half, ...found };
  } finally {
    await machine.close();
    await reference?.close();
  }
}

async function targetOf(data: OpenData, sample: Sample): Promise<Tensor> {
  const target = await data.reader.target(sample);
  if (target?.ok === true) return target.value;
  throw new Trouble(target?.errors ?? [{ code: "DATA_NO_TARGETS", severity: "error", subject: { kind: "file", path: sample.file }, summary: "The evaluation data says nothing of what the model should return", fix: "Add y.npy beside x.npy, or choose another metric." }]);
}

async function openGraph(workspace: Workspace, models: readonly ModelFacts[], key: string): Promise<Graph> {
  const model = models.find((facts) => keyOf(facts) === key);
  const files = await findModels(workspace.root, workspace.spec.models);
  const file = files.find((entry) => entry.digest === model?.digest && entry.file === model.file && (entry.source.resolution === null || canonicalText(entry.source.resolution) === canonicalText(model.resolution)));
  invariant(file !== undefined, `a file for ${key}`);
  const graph = await openModel(file);
  if (!graph.ok) throw new Trouble(graph.errors);
  return graph.value;
}

function keyOf({ digest: model, resolution }: ModelKey): string {
  return canonicalText([model, resolution]);
}

function modelOf(models: readonly ModelFacts[], about: { readonly digest: Digest; readonly resolution?: ModelFacts["resolution"] }): ModelFacts {
  const model = models.find((facts) => facts.digest === about.digest && (about.resolution === undefined || canonicalText(facts.resolution) === canonicalText(about.resolution)));
  invariant(model !== undefined, `facts of the model ${about.digest}`);
  return model;
}

/** The result of the first call for each argument. */
function once<K extends string, T>(make: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const made = new Map<K, Promise<T>>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

function isCalibration(value: unknown, key: Digest): value is CalibrationFact {
  return typeof value === "object" && value !== null && "key" in value && value.key === key && "ranges" in value && "means" in value && "samples" in value;
}

function isAccuracy(value: unknown, wanted: Wanted): value is AccuracyFact {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "accuracy" && "key" in value && canonicalText(value.key) === canonicalText(wanted.key) && "value" in value;
}
