import { runsOn } from "../cost/latency.ts";
import type { Device } from "../schema/device.ts";
import type { ModelFacts } from "../schema/facts.ts";
import type { Candidate } from "../schema/plan.ts";
import { type Backend, type Precision, type Runtime, precisions } from "../schema/runtime.ts";
import type { Target } from "../schema/spec.ts";
import { artefactText, resolutionText } from "./keys.ts";
import { compareText, sortedBy } from "./order.ts";
import { sha256Text } from "./sha256.ts";

const sortedPrecisions: readonly Precision[] = [...precisions].sort(compareText);

export interface CandidateInput {
  readonly target: Target;
  readonly device: Device;
  readonly models: readonly ModelFacts[];
  readonly runtimes: readonly Runtime[];
}

/** A candidate with what the search needs to look up. */
export interface Option {
  readonly candidate: Candidate;
  readonly model: ModelFacts;
  readonly backend: Backend;
}

/**
 * Every way to serve a target: model × precision × runtime × backend, sorted by their recipe.
 *
 * A runtime is offered where the device lists it; a backend where a unit of the device has its kind and ISA, in the
 * precisions it has. A file that holds integers is offered as int8 only. Files with equal bytes and resolution are one
 * model, under the first name. The user's policy rejects candidates, it does not hide them.
 */
export function candidatesOf(input: CandidateInput): readonly Option[] {
  const models = distinct(input.models);
  return backendsOf(input.device, input.runtimes).flatMap(({ runtime, backend }) =>
    sortedPrecisions.filter((precision) => backend.precisions.includes(precision)).flatMap((precision) =>
      models.filter((model) => !model.quantized || precision === "int8").map((model) => optionOf({ input, model, precision, runtime, backend }))));
}

function distinct(models: readonly ModelFacts[]): readonly ModelFacts[] {
  const byContent = new Map<string, ModelFacts>();
  for (const model of models) {
    const key = `${model.digest}|${resolutionText(model.resolution)}`;
    const other = byContent.get(key);
    if (other === undefined || compareText(model.file, other.file) < 0) byContent.set(key, model);
  }
  return [...byContent].sort(([a], [b]) => compareText(a, b)).map(([, model]) => model);
}

function backendsOf(device: Device, runtimes: readonly Runtime[]): readonly { readonly runtime: Runtime; readonly backend: Backend }[] {
  return sortedBy(runtimes, (runtime) => `${runtime.id}|${runtime.version}`)
    .filter((runtime) => device.runtimes[runtime.id] !== undefined)
    .flatMap((runtime) => sortedBy(runtime.backends, (backend) => backend.id).map((backend) => ({ runtime, backend })))
    .filter(({ backend }) => device.units.some((unit) => unit.kind === backend.unitKind && runsOn(backend, unit)));
}

interface Recipe {
  readonly input: CandidateInput;
  readonly model: ModelFacts;
  readonly precision: Precision;
  readonly runtime: Runtime;
  readonly backend: Backend;
}

function optionOf({ input: { target, device }, model, precision, runtime, backend }: Recipe): Option {
  const about = {
    device: device.id, runtime: runtime.id, runtimeVersion: runtime.version, backend: backend.id,
    model: model.digest, resolution: model.resolution, precision,
  };
  const candidate: Candidate = {
    id: sha256Text(artefactText(about)),
    target: target.name, device: device.id, placement: device.class === "cloud" ? "cloud" : "device",
    model: model.digest, file: model.file, family: model.family, variant: model.variant, resolution: model.resolution,
    precision, runtime: runtime.id, runtimeVersion: runtime.version, backend: backend.id,
  };
  return { candidate, model, backend };
}
