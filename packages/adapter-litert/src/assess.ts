import type { AssessInput } from "@edgewise/adapter";
import type { TfliteProgram } from "@edgewise/formats/tflite";
import { type Diagnostic, type Graph, workOf } from "@edgewise/graph";
import type { Estimate, LayerFact, Precision, TargetFacts } from "@edgewise/planner/schema";
import { rulesOf } from "./delegates/backends.ts";
import { type PlacedOperator, type Placement, placementOf } from "./delegates/placement.ts";
import { fileSize } from "./file-size.ts";
import { lowerForLitert, structuralGraph } from "./lower.ts";
import { largestTensorBytes, movedBytes, ramBill, residentsOf } from "./memory.ts";
import { runtime } from "./runtime.ts";

const nothing: TfliteProgram = { name: "", tensors: [], operators: [], inputs: [], outputs: [] };

/** What LiteRT will do with the graph on a device, without writing a bundle. Where operators run is predicted from rules. */
export function assess(input: AssessInput): TargetFacts {
  const { graph, precision, device, backend } = input;
  const unit = runtime.backends.find(({ id }) => id === backend)?.unitKind ?? "cpu";
  const structural = structuralGraph(graph, precision);
  const lowered = structural.ok ? lowerForLitert(structural.value, precision) : structural;
  const program = lowered.ok ? lowered.value.program : nothing;
  const rules = rulesOf(backend, device);
  const placement = placementOf(program, rules);
  const layers = layersOf(graph, { placement, unit, refusals: lowered.ok ? [] : lowered.errors });
  const bytes = structural.ok && lowered.ok ? fileSize(structural.value, { precision, contract: input.contract, final: structural.value === graph }) : { low: 0, expected: 0, high: 0, basis: "modelled" as const };
  const left = placement.operators.filter(({ delegated }) => !delegated).sort((a, b) => b.macs - a.macs)[0];
  return {
    model: input.model, precision, resolution: input.resolution, device: device.id, runtime: runtime.id, runtimeVersion: runtime.version, backend, layers,
    memory: [
      ramBill(residentsOf(program), { accelerated: unit !== "cpu", largestBufferBytes: largestTensorBytes(program) }),
      { region: "storage", items: [{ name: "model.tflite", bytes: bytes.expected }], total: bytes, largestBufferBytes: bytes.high },
    ],
    bundleBytes: bytes,
    work: [{ unitKind: unit, macType: macTypes[precision] ?? "float32", macs: placement.macs, bytesMoved: movedBytes(program), layers: program.operators.length }],
    // Where nothing is documented, the share is unknown, not 0.
    ...(lowered.ok && Object.keys(rules.ops).length > 0 ? { delegateCoverage: coverageOf(placement) } : {}),
    ...(left === undefined ? {} : { largestUndelegated: { node: left.node, op: left.op, rule: left.rule } }),
  };
}

/** Element type that the layers multiply in. */
const macTypes: Partial<Readonly<Record<Precision, string>>> = { float32: "float32", float16: "float32", "int8-weights": "float32", "int8-dynamic": "int8", int8: "int8", int16x8: "int8" };

/** Predicted by rules, not measured: an exact share of the rules' own answer. */
function coverageOf({ share }: Placement): Estimate {
  return { low: share, expected: share, high: share, basis: "modelled" };
}

interface LayerFindings {
  readonly placement: Placement;
  readonly unit: "cpu" | "gpu" | "npu";
  readonly refusals: readonly Diagnostic[];
}

/** A layer's verdict; of the operators it became, the one with most work speaks for it. */
function layersOf(graph: Graph, { placement, unit, refusals }: LayerFindings): readonly LayerFact[] {
  const byNode = new Map(refusals.flatMap((refusal) => refusal.subject.kind === "node" ? [[refusal.subject.node, refusal] as const] : []));
  const ofAll = refusals.find(({ subject }) => subject.kind !== "node");
  const main = new Map<string, PlacedOperator>();
  for (const operator of placement.operators) {
    const known = main.get(operator.node);
    if (known === undefined || operator.macs > known.macs || (operator.macs === known.macs && known.delegated && !operator.delegated)) main.set(operator.node, operator);
  }
  return workOf(graph).nodes.map(({ node, macs }): LayerFact => {
    const refusal = byNode.get(node.origin.node) ?? ofAll;
    const about = { node: node.origin.node, op: node.op, macs };
    if (refusal !== undefined) return { ...about, supported: false, rule: refusal.summary };
    const placed = main.get(node.origin.node);
    if (placed === undefined) return { ...about, supported: true, rule: "no operator of its own: another layer does it" };
    return { ...about, supported: true, rule: placed.delegated ? `${placement.unit}, predicted: ${placed.rule}` : `CPU, predicted: ${placed.rule}`, unitKind: placed.delegated ? unit : "cpu" };
  });
}
