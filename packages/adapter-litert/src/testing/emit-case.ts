import type { EmitInput } from "@edgewise/adapter";
import type { Graph } from "@edgewise/graph";
import type { Device, Precision, TargetFacts, TaskContract } from "@edgewise/planner/schema";
import { quantizeGraph, quantizeInt16x8, toFloat16, weightOnly } from "@edgewise/quantizer";
import { emitInput, randomRanges, tensorContract, valueOrThrow } from "../../../adapter-onnx/src/testing/emit-case.ts";
import { assess } from "../assess.ts";
import { LITERT_VERSION } from "../runtime.ts";

export const phone: Device = {
  id: "phone", name: "Phone", class: "phone", chip: "Snapdragon 8 Gen 3", memory: [], activeWatts: null, usdPerHour: null, runtimes: {},
  units: [{
    id: "cpu", kind: "cpu", isa: "armv9-a", clockHz: null, cores: 8, macsPerSecond: {}, bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null,
    spread: { value: 2, basis: "assumed", ref: "test", date: "2026-01-01" },
  }],
};

export interface LitertCase {
  /** Canonical float graph. */
  readonly graph: Graph;
  readonly precision: Precision;
  readonly contract?: TaskContract;
  readonly backend?: string;
  readonly device?: Device;
  /** Raw inputs: picture files, or float32 rows. */
  readonly raw?: readonly Uint8Array[];
  /** The graph as it is emitted; left out, `graph` in `precision` with random ranges. */
  readonly emitted?: Graph;
}

export function factsOf({ graph, precision, contract = tensorContract, backend = "cpu", device = phone }: LitertCase): TargetFacts {
  return assess({ graph, model: "0".repeat(64), precision, resolution: null, device, backend, contract });
}

export function inPrecision(graph: Graph, precision: Precision, seed = 1): Graph {
  switch (precision) {
    case "float32": return graph;
    case "float16": return toFloat16(graph);
    case "int8-weights": case "int8-dynamic": return weightOnly(graph);
    case "int8": return valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed)));
    case "int16x8": return valueOrThrow(quantizeInt16x8(graph, randomRanges(graph, seed)));
    default: throw new Error(`no ${precision} here`);
  }
}

/** What emission needs, with answers of the reference interpreter. */
export function litertInput(about: LitertCase): EmitInput {
  const { graph, precision, contract = tensorContract, backend = "cpu", device = phone, raw = [] } = about;
  const base = emitInput({ graph, precision: "float32", contract, raw, emitted: about.emitted ?? inPrecision(graph, precision) });
  return { ...base, device, facts: factsOf(about), candidate: { ...base.candidate, device: device.id, precision, runtime: "litert", runtimeVersion: LITERT_VERSION, backend } };
}
