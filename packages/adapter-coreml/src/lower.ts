import type { WriteCoremlOptions } from "@edgewise/formats/coreml";
import { type Graph, type Node, type Result, type Value, elementCount, fail, ok, valueOf } from "@edgewise/graph";
import type { LabelsOutput, Precision, TaskContract } from "@edgewise/planner/schema";
import { palettize, structuralRanges, symmetricActivations, toFloat16, weightOnly } from "@edgewise/quantizer";
import { type CoremlPrecision, isCoremlPrecision } from "./runtime.ts";
import { type TargetedModel, writeForOldest } from "./targets.ts";

/**
 * The canonical graph in a precision before any range is known: node for node what `emit` will be given, with placeholder
 * scales. Support, operator counts and sizes follow from it. Errors: COREML_PRECISION, and those of the quantizer.
 */
export function structuralGraph(graph: Graph, precision: Precision): Result<Graph> {
  if (!isCoremlPrecision(precision)) return fail({ code: "COREML_PRECISION", severity: "error", subject: { kind: "argument", name: "precision" }, summary: "Core ML programs are not written in this precision", found: precision, fix: "Choose a precision that its backends list." });
  switch (precision) {
    case "float32": return ok(graph);
    case "float16": return ok(toFloat16(graph));
    case "int8-weights": return ok(weightOnly(graph));
    case "int4-palette": return ok(palettize(graph));
    case "int8-symmetric": return symmetricActivations(graph, structuralRanges(graph));
    default: return precision satisfies never;
  }
}

export interface ModelInput {
  readonly precision: CoremlPrecision;
  readonly backend: string;
  readonly contract: TaskContract;
}

/**
 * Type in which the program computes.
 *
 *   float32 for float32; for compressed weights too where only the CPU runs it, which has no other
 *   float16 elsewhere: GPU and Neural Engine are reached by it, the Neural Engine by nothing else
 *
 * Source: apple.github.io/coremltools/docs-guides/source/typed-execution.html
 */
export function computeType({ precision, backend }: Pick<ModelInput, "precision" | "backend">): "float32" | "float16" {
  if (precision === "float32") return "float32";
  return precision !== "float16" && backend === "cpu" ? "float32" : "float16";
}

/** A graph in its precision → the ML program, with pictures as images and labels as a classifier where the contract has them. */
export function writeModel(graph: Graph, input: ModelInput): Result<TargetedModel> {
  const { contract, precision } = input;
  const [from = "", to = ""] = [graph.inputs[0], graph.outputs[0]];
  const labels = classifierLabels(graph, contract);
  const answering = labels === null ? { graph, output: to } : withProbabilities(graph, labels);
  const options: WriteCoremlOptions = {
    compute: computeType(input), palettes: precision === "int4-palette",
    ...(contract.input.kind === "image" ? { images: { [from]: imageOptions(contract.input) } } : {}),
    ...(labels === null ? {} : { classifier: { output: answering.output, labels: labels.labels } }),
    metadata: { userDefined: metadata(contract, precision) },
  };
  return writeForOldest(answering.graph, { precision, options });
}

/** The contract's labels where Core ML can say them: one for each output, none twice. */
export function classifierLabels(graph: Graph, { output }: Pick<TaskContract, "output">): LabelsOutput | null {
  if (output.kind !== "labels" || output.labelOffset !== 0 || new Set(output.labels).size !== output.labels.length) return null;
  const elements = elementCount((valueOf(graph, graph.outputs[0] ?? "").shape ?? []).map(Number));
  return elements === output.labels.length ? output : null;
}

/** Keeps the output as it is and adds one for the classifier: probabilities where the contract asks for softmax, else the same numbers. */
function withProbabilities(graph: Graph, { softmax }: LabelsOutput): { readonly graph: Graph; readonly output: string } {
  const to = graph.outputs[0] ?? "";
  const value = valueOf(graph, to);
  const output = `${to}_confidences`;
  const made: Value = { id: output, dtype: "float32", shape: value.shape, quant: null, constant: null };
  const last = graph.nodes.at(-1);
  const origin = { file: last?.origin.file ?? "", node: output };
  const node: Node = softmax ? { op: "Softmax", inputs: [to], outputs: [output], attrs: { axis: -1 }, origin } : { op: "Identity", inputs: [to], outputs: [output], attrs: {}, origin };
  return { output, graph: { ...graph, nodes: [...graph.nodes, node], values: new Map([...graph.values, [output, made]]), outputs: [...graph.outputs, output] } };
}

const colours = { rgb: "RGB", bgr: "BGR", gray: "GRAYSCALE" } as const;

function imageOptions({ color, scale, offset }: Extract<TaskContract["input"], { kind: "image" }>): NonNullable<WriteCoremlOptions["images"]>[string] {
  const one = (given: readonly number[]): number | readonly number[] => (given.length === 1 ? given[0] ?? 0 : given);
  return { color: colours[color], scale: one(scale), bias: one(offset) };
}

/** What the model's file says of itself to whoever opens it. */
function metadata({ output }: TaskContract, precision: CoremlPrecision): Readonly<Record<string, string>> {
  return { "edgewise.precision": precision, ...(output.kind === "labels" ? { "edgewise.labels": JSON.stringify(output.labels) } : {}) };
}
