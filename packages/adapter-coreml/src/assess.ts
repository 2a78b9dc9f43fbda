import type { AssessInput } from "@edgewise/adapter";
import { type Diagnostic, type Graph, workOf } from "@edgewise/graph";
import type { BillItem, Estimate, LayerFact, RegionBill, TargetFacts, UnitWork } from "@edgewise/planner/schema";
import { computeType, structuralGraph, writeModel } from "./lower.ts";
import { type Placement, coverageOf, placementWords, predictPlacement } from "./placement/predict.ts";
import { type CoremlPrecision, backends, isCoremlPrecision, runtime } from "./runtime.ts";

/** What Core ML is predicted to do with the graph on a device, without writing a bundle. */
export function assess(input: AssessInput): TargetFacts {
  const { graph, precision, device, backend, contract } = input;
  const unitKind = backends.find(({ id }) => id === backend)?.unitKind ?? "cpu";
  const lowered = structuralGraph(graph, precision);
  const known: CoremlPrecision = isCoremlPrecision(precision) ? precision : "float32";
  const ready = lowered.ok ? lowered.value : graph;
  const written = lowered.ok ? writeModel(ready, { precision: known, backend, contract }) : lowered;
  const refusals = written.ok ? [] : written.errors;
  const packageBytes = written.ok ? written.value.written.files.reduce((sum, { bytes }) => sum + bytes.length, 0) : 0;
  const placements = predictPlacement(ready, { precision: known, unitKind });
  const left = largestLeft(placements);
  return {
    model: input.model, precision, resolution: input.resolution, device: device.id, runtime: runtime.id, runtimeVersion: runtime.version, backend,
    layers: layersOf(graph, { ready, refusals, placements }),
    memory: [ramBill(ready), { region: "storage", items: [{ name: "model.mlpackage", bytes: packageBytes }], total: exactly(packageBytes), largestBufferBytes: packageBytes }],
    bundleBytes: exactly(packageBytes),
    work: workBy(placements, { onUnit: macTypes[known], onCpu: computeType({ precision: known, backend }) }),
    ...(unitKind === "cpu" ? {} : { delegateCoverage: coverageOf(placements) }),
    ...(unitKind === "cpu" || left === undefined ? {} : { largestUndelegated: { node: left.node.origin.node, op: left.node.op, rule: placementWords(left) } }),
  };
}

function exactly(bytes: number): Estimate {
  return { low: bytes, expected: bytes, high: bytes, basis: "modelled" };
}

function largestLeft(placements: readonly Placement[]): Placement | undefined {
  return placements.filter(({ unitKind, macs }) => unitKind === "cpu" && macs > 0).reduce<Placement | undefined>((most, each) => (most === undefined || each.macs > most.macs ? each : most), undefined);
}

/** Core ML's own share, which Apple does not state: a few times an idle framework, so that a budget that holds with it is not missed by it. */
const FRAMEWORK_BYTES = 64 * 1024 * 1024;

/**
 * RAM of a loaded model; nobody publishes it, so the interval is wide and only assumed.
 *
 *   low       the activations alive at once: weights may stay in the file, mapped
 *   expected  weights and activations in float32
 *   high      both twice, and the framework
 */
function ramBill(graph: Graph): RegionBill {
  const work = workOf(graph);
  const weightBytes = 4 * work.parameters;
  const items: readonly BillItem[] = [{ name: "weights", bytes: weightBytes }, { name: "activations", bytes: work.peakLiveBytes }];
  const expected = weightBytes + work.peakLiveBytes;
  return {
    region: "ram", items, total: { low: Math.min(expected, work.peakLiveBytes), expected, high: 2 * expected + FRAMEWORK_BYTES, basis: "assumed" },
    largestBufferBytes: Math.max(work.peakLiveBytes, ...work.nodes.map(({ parameters }) => 4 * parameters)),
  };
}

const macTypes: Readonly<Record<CoremlPrecision, string>> = { float32: "float32", float16: "float16", "int8-weights": "float16", "int4-palette": "float16", "int8-symmetric": "int8" };

/** Work by predicted unit; a unit without layers is left out. */
function workBy(placements: readonly Placement[], types: { readonly onUnit: string; readonly onCpu: string }): readonly UnitWork[] {
  return (["npu", "gpu", "cpu"] as const).flatMap((unitKind): readonly UnitWork[] => {
    const there = placements.filter((each) => each.unitKind === unitKind);
    if (there.length === 0) return [];
    return [{
      unitKind, macType: unitKind === "cpu" ? types.onCpu : types.onUnit,
      macs: there.reduce((sum, { macs }) => sum + macs, 0), bytesMoved: there.reduce((sum, { bytesMoved }) => sum + bytesMoved, 0), layers: there.length,
    }];
  });
}

interface Judged {
  readonly ready: Graph;
  readonly refusals: readonly Diagnostic[];
  readonly placements: readonly Placement[];
}

function layersOf(graph: Graph, { ready, refusals, placements }: Judged): readonly LayerFact[] {
  const byNode = new Map(refusals.flatMap((refusal) => refusal.subject.kind === "node" ? [[refusal.subject.node, refusal] as const] : []));
  const whole = refusals.find(({ subject }) => subject.kind !== "node");
  const placed = new Map(placements.map((each) => [each.node.origin.node, each]));
  const macs = new Map(workOf(ready).nodes.map((each) => [each.node.origin.node, each.macs]));
  return graph.nodes.map((node): LayerFact => {
    const name = node.origin.node;
    const refusal = byNode.get(name) ?? whole;
    const place = placed.get(name);
    return {
      node: name, op: node.op, macs: macs.get(name) ?? 0, supported: refusal === undefined,
      rule: refusal !== undefined ? refusal.summary : place === undefined ? "part of another operation" : placementWords(place),
      ...(refusal === undefined && place !== undefined ? { unitKind: place.unitKind } : {}),
    };
  });
}
