import type { Backend, Precision, Runtime } from "@edgewise/planner/schema";

/** Raised when an emitted program computes or costs something else; facts of another version do not hold. */
const VERSION = "1";

/** Precisions that Core ML programs are written in. */
export type CoremlPrecision = Extract<Precision, "float32" | "float16" | "int8-weights" | "int4-palette" | "int8-symmetric">;

export const precisions: readonly CoremlPrecision[] = ["float32", "float16", "int8-weights", "int4-palette", "int8-symmetric"];

export function isCoremlPrecision(precision: Precision): precision is CoremlPrecision {
  return (precisions as readonly Precision[]).includes(precision);
}

const isas = ["armv8-a", "armv8.2-a", "armv9-a"];

/** Core ML's compute units as an app asks for them; what it asks for is a wish, and placement within it is Core ML's. */
export type ComputeUnits = "cpuOnly" | "cpuAndGPU" | "cpuAndNeuralEngine" | "all";

export interface CoremlBackend extends Backend {
  readonly computeUnits: ComputeUnits;
}

/** Core ML runs on Apple's systems alone; onnxruntime computes the same graph there where plans are made, to within rounding. */
const numerics = { numerics: `coreml@${VERSION}`, standIn: "onnxruntime-cpu@1.30.0" };

/** A program typed float32 is never placed on the Neural Engine, so those backends do not offer it. Source: placement/ane.ts */
const halfPrecisions: readonly Precision[] = precisions.filter((precision) => precision !== "float32");

export const backends: readonly CoremlBackend[] = [
  { id: "cpu", unitKind: "cpu", isas, precisions, ...numerics, computeUnits: "cpuOnly" },
  { id: "cpu-gpu", unitKind: "gpu", isas: [], precisions, ...numerics, computeUnits: "cpuAndGPU" },
  { id: "cpu-ane", unitKind: "npu", isas: [], precisions: halfPrecisions, ...numerics, computeUnits: "cpuAndNeuralEngine" },
  { id: "all", unitKind: "npu", isas: [], precisions: halfPrecisions, ...numerics, computeUnits: "all" },
];

export const runtime: Runtime = {
  id: "coreml", version: VERSION, summary: "Core ML: an ML Program and a Swift package for iPhone, iPad and Mac",
  backends: backends.map(({ id, unitKind, isas, precisions, numerics, standIn }) => ({ id, unitKind, isas, precisions, numerics, ...(standIn === undefined ? {} : { standIn }) })),
};
