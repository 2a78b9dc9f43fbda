import type { AssessInput } from "@edgewise/adapter";
import { writeOnnx } from "@edgewise/formats/onnx";
import { type Diagnostic, type Graph, arithmeticOf, workOf } from "@edgewise/graph";
import type { BillItem, Estimate, LayerFact, Precision, RegionBill, TargetFacts } from "@edgewise/planner/schema";
import { hasClamps, withWideScales, withoutClamps } from "@edgewise/quantizer";
import { SESSION_BASE_SPREAD, residentShares, sessionBaseBytes } from "./data/session-memory.ts";
import { structuralGraph } from "./lower.ts";
import { runtime } from "./runtime.ts";

/** What onnxruntime will do with the graph on a device, without writing a bundle. */
export function assess(input: AssessInput): TargetFacts {
  const { graph, precision, device, backend } = input;
  const unit = runtime.backends.find(({ id }) => id === backend)?.unitKind ?? "cpu";
  const lowered = structuralGraph(graph, precision);
  const refusals = lowered.ok ? [] : lowered.errors;
  const ready = lowered.ok ? lowered.value : graph;
  const layers = layersOf(graph, { ready, refusals });
  const work = workOf(ready);
  const fileBytes = lowered.ok ? fileSize(ready, precision === "int8" && ready !== graph) : { low: 0, expected: 0, high: 0, basis: "modelled" as const };
  const integer = precision === "int8";
  return {
    model: input.model, precision, resolution: input.resolution, device: device.id, runtime: runtime.id, runtimeVersion: runtime.version, backend,
    layers,
    memory: [ramBill(ready, precision), { region: "storage", items: [{ name: "model.onnx", bytes: fileBytes.expected }], total: fileBytes, largestBufferBytes: fileBytes.high }],
    bundleBytes: fileBytes,
    work: [{ unitKind: unit, macType: integer ? "int8" : "float32", macs: work.macs, bytesMoved: work.parameterBytes + work.activationBytes, layers: graph.nodes.length }],
  };
}

/** Bytes of model.onnx: exact but for the clamps that calibrated ranges will leave to nodes of their own. */
function fileSize(ready: Graph, uncalibrated: boolean): Estimate {
  const bytesOf = (graph: Graph): number => writeOnnx(graph).model.length;
  const expected = bytesOf(ready);
  const open = uncalibrated && hasClamps(ready);
  return { low: open ? bytesOf(withoutClamps(ready)) : expected, expected, high: open ? bytesOf(withWideScales(ready)) : expected, basis: "modelled" };
}

/**
 * RAM of a process with one session.
 *
 *   session base + weights + the largest set of activations alive at once + what onnxruntime keeps beside them
 *
 * Bytes. The interval spans what was measured on networks of other sizes; another allocator may keep more.
 * Source: data/session-memory.ts.
 */
function ramBill(graph: Graph, precision: Precision): RegionBill {
  const work = workOf(graph);
  // The CPU provider computes float16 and weight-only layers in float32 and folds the conversion into the session.
  const weightBytes = precision === "float16" || precision === "int8-weights" ? 4 * work.parameters : work.parameterBytes;
  const activationBytes = precision === "float16" ? 2 * work.peakLiveBytes : work.peakLiveBytes;
  const { weights, activations } = residentShares.value;
  const base = sessionBaseBytes.value;
  const total = (end: "low" | "high", spread: number): number => Math.round(base * (1 + spread) + weights[end] * weightBytes + activations[end] * activationBytes);
  const items: readonly BillItem[] = [
    { name: "weights", bytes: weightBytes },
    { name: "activations", bytes: activationBytes },
    { name: "packed and parsed weights", bytes: (weights.expected - 1) * weightBytes },
    { name: "arena beside the activations", bytes: (activations.expected - 1) * activationBytes },
    { name: "onnxruntime session", bytes: base },
  ];
  return {
    region: "ram", items,
    total: { low: total("low", -SESSION_BASE_SPREAD), expected: items.reduce((sum, { bytes }) => sum + bytes, 0), high: total("high", SESSION_BASE_SPREAD), basis: "modelled" },
    largestBufferBytes: Math.max(activationBytes, ...graph.nodes.map((node) => node.inputs.reduce((most, id) => Math.max(most, graph.values.get(id ?? "")?.constant?.bytes.length ?? 0), 0))),
  };
}

function layersOf(graph: Graph, about: { readonly ready: Graph; readonly refusals: readonly Diagnostic[] }): readonly LayerFact[] {
  const byNode = new Map(about.refusals.flatMap((refusal) => refusal.subject.kind === "node" ? [[refusal.subject.node, refusal] as const] : []));
  const ofAll = about.refusals.find(({ subject }) => subject.kind !== "node");
  const integer = new Set(about.ready.nodes.filter((node) => arithmeticOf(about.ready, node) === "int8").map(({ origin }) => origin.node));
  return workOf(graph).nodes.map(({ node, macs }) => {
    const refusal = byNode.get(node.origin.node) ?? ofAll;
    return {
      node: node.origin.node, op: node.op, macs, supported: refusal === undefined,
      rule: refusal !== undefined ? refusal.summary : integer.has(node.origin.node) ? "Q/DQ pairs around it: onnxruntime fuses them into an integer kernel" : "an operator of the default set, in float",
    };
  });
}
