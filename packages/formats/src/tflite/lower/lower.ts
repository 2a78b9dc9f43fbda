import { type Diagnostic, type Graph, type Node, OpError, type Result, type ValueId, fail, ok, subjectOf, valueOf } from "@edgewise/graph";
import type { TfliteProgram } from "../program.ts";
import { type Emission, type Site, makeValue, newEmission } from "./emission.ts";
import { nameValues, outputTensors, pruned } from "./finish.ts";
import { type Layout, assignLayout } from "./layout/assign.ts";
import { isAsIs } from "./layout/form.ts";
import { Refusal, type RefusedNode, refuse } from "./refusal.ts";
import { lowerings, onReals } from "./registry.ts";
import { tensorTypeOf } from "./types.ts";
import { type Borders, type Traced, asUint8, fitsUint8, wantsUint8 } from "./uint8.ts";

export interface LowerOptions {
  /**
   * How pictures [N, C, H, W] cross the border: `nhwc`, the default, lets an input or output of four dims be [N, H, W, C]
   * where that saves a transpose; `as-graph` keeps the graph's.
   */
  readonly pictures?: "nhwc" | "as-graph";
  /**
   * What crosses the border of a network that is computed in uint8: `int8`, the default, as the graph says, behind QUANTIZE;
   * `as-computed` hands over the uint8 numbers themselves, 128 higher, and spares the two operators.
   */
  readonly borders?: Borders;
}

/** An input or output as the file has it. */
export interface ProgramPort {
  readonly value: ValueId;
  readonly shape: readonly number[];
  /** `nhwc`: the graph's [N, C, H, W] as [N, H, W, C]. */
  readonly layout: "nhwc" | "as-graph";
}

export interface LoweredTflite {
  readonly program: TfliteProgram;
  /** For each operator of the program, the node that it is there for: the first of those that it does the work of. */
  readonly nodes: readonly Node[];
  readonly inputs: readonly ProgramPort[];
  readonly outputs: readonly ProgramPort[];
  /** TRANSPOSE operators of the program. */
  readonly transposes: number;
}

/**
 * A canonical graph with fixed sizes as a program of TensorFlow Lite operators.
 *
 *   pictures lie [N, H, W, C] wherever that takes the fewest transposes (layout/assign.ts)
 *   facts on values become the tensors' scales and zero points
 *
 * Errors: TFLITE_NO_OPERATOR for each node that no operator expresses, TFLITE_OPEN_SIZE for each value without a size,
 * TFLITE_NO_TYPE for each such input. Warnings: TFLITE_ROUNDING.
 */
export function lowerToTflite(graph: Graph, options: LowerOptions = {}): Result<LoweredTflite> {
  const unfit = [...openSizes(graph), ...otherTypes(graph)];
  if (unfit.length > 0) return fail(...unfit);
  return lowerLaid(graph, assignLayout(graph, { freePictures: (options.pictures ?? "nhwc") === "nhwc" }), options.borders);
}

/** The program of a graph whose values lie as a layout says. */
export function lowerLaid(graph: Graph, layout: Layout, borders: Borders = "int8"): Result<LoweredTflite> {
  const emission = newEmission(graph, layout);
  for (const id of graph.inputs) makeValue(emission, id);
  const problems = graph.nodes.flatMap((node) => lowerNode({ emission, node }));
  if (problems.length > 0) return fail(...problems);
  const last = graph.nodes.at(-1);
  nameValues(emission);
  const outputs = outputTensors(emission, last ? { emission, node: last } : null);
  const inputs = graph.inputs.map((id) => emission.held.get(id)?.[0]?.tensor ?? -1);
  const { program: plain, kept } = pruned(emission, { inputs, outputs });
  const { program, nodes } = inKernelTypes(emission, { program: plain, nodes: kept.flatMap((i) => emission.nodes.slice(i, i + 1)) }, borders);
  const shifted = shiftedWeights({ program, nodes });
  if (shifted.length > 0) return fail(...shifted);
  return ok({
    program, nodes,
    inputs: graph.inputs.map((id) => portOf(emission, id, layout.stored.get(id))), outputs: graph.outputs.map((id) => portOf(emission, id, layout.outputs.get(id))),
    transposes: program.operators.filter(({ op }) => op === "TRANSPOSE").length,
  }, emission.warnings);
}

/** As uint8 where int8 kernels would compute something else, and uint8 has a form for all. */
function inKernelTypes(emission: Emission, traced: Traced, borders: Borders): Traced {
  const wants = wantsUint8(traced);
  if (!wants.weights && !wants.averages) return traced;
  if (fitsUint8(traced.program)) return asUint8(traced, borders);
  if (wants.averages) emission.warnings.push(...traced.nodes.filter(({ attrs }) => attrs["halves"] === "up").map(otherHalves));
  return traced;
}

function shiftedWeights(traced: Traced): readonly Diagnostic[] {
  if (!wantsUint8(traced).weights) return [];
  const index = traced.program.operators.findIndex((_, i) => wantsUint8({ program: { ...traced.program, operators: traced.program.operators.slice(i, i + 1) }, nodes: traced.nodes.slice(i, i + 1) }).weights);
  const node = traced.nodes[index];
  return node ? [refused(node, { why: "its weights have a zero point, beside others with a scale for each channel", expected: "zero point 0", fix: "Quantize the weights symmetrically." })] : [];
}

function otherHalves(node: Node): Diagnostic {
  return {
    code: "TFLITE_ROUNDING", severity: "warning", subject: subjectOf(node),
    summary: "An average rounds exact halves away from zero, not up as the model's own kernel did", found: "an average of uint8", expected: "averages of int8",
    fix: "Nothing needs to be done: results differ by one step where a mean is an exact half.",
  };
}

function portOf({ graph }: Emission, id: ValueId, form: Parameters<typeof isAsIs>[0] | undefined): ProgramPort {
  const shape = (valueOf(graph, id).shape ?? []).map(Number);
  return { value: id, shape: form?.shape ?? shape, layout: form === undefined || isAsIs(form) ? "as-graph" : "nhwc" };
}

function lowerNode(site: Site): readonly Diagnostic[] {
  try {
    requireReals(site);
    lowerings[site.node.op](site);
    return [];
  } catch (error) {
    const about = error instanceof Refusal ? error.about : error instanceof OpError ? { why: error.message } : null;
    if (about === null) throw error;
    for (const id of site.node.outputs) if (!site.emission.held.has(id)) makeStandIn(site, id);
    return [refused(site.node, about)];
  }
}

function requireReals({ emission, node }: Site): void {
  const made = valueOf(emission.graph, node.outputs[0] ?? "");
  if (!onReals.has(node.op) || made.dtype === "float32" || made.quant !== null) return;
  refuse({ why: "its operator computes on floats, or on integers with a scale", found: made.dtype, expected: "float32, or int8 with a scale", fix: "Compute this layer in float32." });
}

/** So that what reads a refused node's results can be looked at as well. */
function makeStandIn({ emission }: Site, id: ValueId): void {
  const form = emission.layout.stored.get(id);
  if (!form) return;
  emission.tensors.push({ name: id, type: "FLOAT32", shape: form.shape, quant: null, data: null });
  emission.held.set(id, [{ tensor: emission.tensors.length - 1, form }]);
}

function refused(node: Node, { why, fix, ...rest }: RefusedNode): Diagnostic {
  return {
    code: "TFLITE_NO_OPERATOR", severity: "error", subject: subjectOf(node),
    summary: `This ${node.op} cannot be written as TensorFlow Lite: ${why}`, ...rest,
    fix: fix ?? "Replace this layer in the model, or choose another runtime.",
  };
}

function openSizes(graph: Graph): readonly Diagnostic[] {
  const open = [...graph.values.values()].filter(({ shape }) => shape === null || shape.some((dim) => typeof dim !== "number"));
  return open.map(({ id, shape }) => ({
    code: "TFLITE_OPEN_SIZE", severity: "error", subject: { kind: "argument", name: id }, summary: `The size of ${id} is not fixed`,
    found: shape === null ? "no shape" : `[${shape.join(", ")}]`, expected: "whole numbers", fix: "Bind the input sizes, and infer the shapes.",
  }));
}

/** Inputs of a type that no tensor has; other values are reported with their nodes. */
function otherTypes(graph: Graph): readonly Diagnostic[] {
  const found = graph.inputs.map((id) => valueOf(graph, id)).filter(({ dtype }) => tensorTypeOf(dtype) === null);
  return found.map(({ id, dtype }) => ({
    code: "TFLITE_NO_TYPE", severity: "error", subject: { kind: "argument", name: id }, summary: `The input ${id} has a type without tensors in TensorFlow Lite`,
    found: dtype, expected: "float32, int8, uint8, int16, int32, int64, bool or float16", fix: "Export the model with a float32 input.",
  }));
}
