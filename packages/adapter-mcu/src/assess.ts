import type { AssessInput } from "@edgewise/adapter";
import { type Diagnostic, type Graph, type Result, arithmeticOf } from "@edgewise/graph";
import type { LayerFact, TargetFacts } from "@edgewise/planner/schema";
import { quantizeGraph, structuralRanges } from "@edgewise/quantizer";
import { billsOf, largerOf, workOf } from "./bill.ts";
import { countedWorkOf } from "./estimate/instructions.ts";
import { lowerGraph } from "./lower.ts";
import { VERSION, kernelSetOf, measuredCores, runtime } from "./runtime.ts";

/**
 * Facts of a model on a microcontroller, from the very lowering that `emit` uses. A float model is quantized with
 * placeholder ranges: nothing in the bill depends on them.
 */
export function assess(input: AssessInput): TargetFacts {
  const head = {
    model: input.model, precision: input.precision, resolution: input.resolution, device: input.device.id,
    runtime: runtime.id, runtimeVersion: VERSION, backend: input.backend,
  };
  if (input.precision !== "int8") return { ...head, ...refused(input.graph, "These kernels compute in int8 only.") };
  const quantized = int8Form(input.graph);
  if (!quantized.ok) return { ...head, ...refusedNodes(input.graph, quantized.errors) };
  const numbers = hasOwnNumbers(input.graph) ? "final" : "provisional";
  const set = kernelSetOf(input.backend);
  const { layers, program } = lowerGraph(quantized.value, set, numbers);
  if (!program.ok) {
    const named = layers.some(({ supported }) => !supported) ? layers : refused(input.graph, program.errors[0]?.summary ?? "").layers;
    return { ...head, ...unknownCosts, layers: named };
  }
  const isa = input.device.units.find((unit) => unit.kind === "cpu" && unit.isa in measuredCores)?.isa ?? "";
  const portable = numbers === "final" || set === "portable" ? program : lowerGraph(quantized.value, "portable", numbers).program;
  const memory = billsOf(portable.ok ? largerOf(program.value, portable.value) : program.value, isa, input.contract);
  const bundleBytes = memory.find(({ region }) => region === "flash")?.total ?? unknown;
  return { ...head, layers, memory, bundleBytes, work: [{ ...workOf(program.value), ...countedWorkOf(program.value, isa) }] };
}

/** An int8 file brings its scales and weights; a float one gets them after calibration. */
function hasOwnNumbers(graph: Graph): boolean {
  return graph.nodes.some((node) => ["int8", "quantize"].includes(arithmeticOf(graph, node)));
}

/** The graph with int8 facts: the file's own, else with placeholder ranges. */
export function int8Form(graph: Graph): Result<Graph> {
  return quantizeGraph(graph, structuralRanges(graph));
}

const unknown = { low: 0, expected: 0, high: 0, basis: "unknown" } as const;
const unknownCosts = { memory: [], bundleBytes: unknown, work: [] } as const;

type Rest = Pick<TargetFacts, "layers" | "memory" | "bundleBytes" | "work">;

function refused(graph: Graph, rule: string): Rest {
  return { ...unknownCosts, layers: graph.nodes.map((node): LayerFact => ({ node: node.origin.node, op: node.op, supported: false, rule, macs: 0 })) };
}

/** Nodes that the quantizer names are refused for its reason; the others are judged without one. */
function refusedNodes(graph: Graph, errors: readonly Diagnostic[]): Rest {
  const reasons = new Map(errors.flatMap((error) => (error.subject.kind === "node" ? [[error.subject.node, error.detail ?? error.summary] as const] : [])));
  const layers = graph.nodes.map((node): LayerFact => {
    const rule = reasons.get(node.origin.node);
    return { node: node.origin.node, op: node.op, supported: rule === undefined, rule: rule ?? "Has an int8 form.", macs: 0 };
  });
  return { ...unknownCosts, layers: reasons.size > 0 ? layers : refused(graph, errors[0]?.summary ?? "The model cannot be quantized.").layers };
}
