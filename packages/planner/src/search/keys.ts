import type { AccuracyKey, LatencyFact, TargetFacts } from "../schema/facts.ts";

type Resolution = TargetFacts["resolution"];

/** Everything that could change support, memory or latency of an artefact on a device (adr/0003). */
export type ArtefactKey = Pick<LatencyFact, "model" | "precision" | "resolution" | "device" | "runtime" | "runtimeVersion" | "backend">;

/** "96x96", or "-" where the model fixes no height and width. */
export function resolutionText(resolution: Resolution): string {
  return resolution === null ? "-" : `${resolution.heightPx}x${resolution.widthPx}`;
}

/** An artefact on a device as one text; its digest is the candidate's id. */
export function artefactText({ device, runtime, runtimeVersion, backend, model, resolution, precision }: ArtefactKey): string {
  return `${device}|${runtime}|${runtimeVersion}|${backend}|${model}|${resolutionText(resolution)}|${precision}`;
}

export function isSameArtefact(a: ArtefactKey, b: ArtefactKey): boolean {
  return a.precision === b.precision && a.backend === b.backend && a.model === b.model && a.device === b.device
    && a.runtime === b.runtime && a.runtimeVersion === b.runtimeVersion && isSameResolution(a.resolution, b.resolution);
}

/** Everything that could change an accuracy is equal (adr/0003). */
export function isSameAccuracy(a: AccuracyKey, b: AccuracyKey): boolean {
  return a.precision === b.precision && a.numerics === b.numerics && a.model === b.model && a.calibration === b.calibration
    && a.data === b.data && a.contract === b.contract && a.metric === b.metric && isSameResolution(a.resolution, b.resolution);
}

function isSameResolution(a: Resolution, b: Resolution): boolean {
  return a === b || (a !== null && b !== null && a.heightPx === b.heightPx && a.widthPx === b.widthPx);
}
