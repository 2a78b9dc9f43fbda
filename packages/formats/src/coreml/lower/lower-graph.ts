import { type Diagnostic, type Graph, type Node, type Result, type ValueId, fail, ok, valueOf } from "@edgewise/graph";
import type { MilProgram } from "../mil.ts";
import type { ClassifierFeatures, Feature } from "../model.ts";
import type { WriteCoremlOptions } from "../options.ts";
import { targets } from "../target.ts";
import { type Draft, addIntermediate } from "./draft.ts";
import { addInput } from "./inputs.ts";
import { lowerNode, reserveDequantized } from "./lower.ts";
import { newNames } from "./names.ts";
import { addClassifier, addOutput, reserveOutput } from "./outputs.ts";
import { type MadeInput, portProblem } from "./ports.ts";

export interface Lowered {
  readonly program: MilProgram;
  readonly features: { readonly inputs: readonly Feature[]; readonly outputs: readonly Feature[] };
  readonly classifier: ClassifierFeatures | null;
  readonly inputNames: Readonly<Record<ValueId, string>>;
  readonly outputNames: Readonly<Record<ValueId, string>>;
}

/** Graph → ML program and features; shapes must have been propagated. Every problem is reported. */
export function lowerGraph(graph: Graph, options: WriteCoremlOptions): Result<Lowered> {
  const draft = newDraft(graph, options);
  const unknown = unknownNames(graph, options);
  if (unknown.length > 0) return fail(...unknown);
  const inputs = graph.inputs.map((id) => addInput(draft, id, { images: options.images ?? {}, shapes: options.shapes ?? {} }));
  if (inputs.includes(null)) return fail(...draft.problems);
  const unshaped = graph.nodes.flatMap((node) => shapeProblems(graph, node));
  if (unshaped.length > 0) return fail(...unshaped);
  const reserved = graph.outputs.map((id): [ValueId, string] => [id, reserveOutput(draft, id)]);
  reserveDequantized(draft);
  const skipped = new Set(inputs.flatMap((input) => input?.skipped ?? []));
  for (const node of graph.nodes) if (!skipped.has(node)) lowerNode(draft, node);
  if (draft.problems.length > 0) return fail(...draft.problems);
  for (const input of inputs) if (input !== null) useInput(draft, input);
  const { outputs, classifier } = addOutputs(draft, reserved, options.classifier);
  if (draft.problems.length > 0) return fail(...draft.problems);
  const program: MilProgram = { opset: targets[draft.target].opset, inputs: inputs.flatMap((input) => input === null ? [] : [input.port]), operations: draft.operations, outputs: outputs.map(({ name }) => name) };
  const features = { inputs: inputs.flatMap((input) => input === null ? [] : [input.feature]), outputs };
  const inputNames = Object.fromEntries(graph.inputs.map((id, index) => [id, inputs[index]?.feature.name ?? id]));
  return ok({ program, features, classifier, inputNames, outputNames: Object.fromEntries(reserved) }, draft.warnings);
}

/** Core ML refuses an input that no operation reads. */
function useInput(draft: Draft, { port: { name, type } }: MadeInput): void {
  const isRead = draft.operations.some(({ inputs }) => Object.values(inputs).some((bound) => bound.includes(name)));
  if (!isRead) addIntermediate(draft, `${name}_unused`, { type: "identity", inputs: { x: name }, output: type });
}

function newDraft(graph: Graph, options: WriteCoremlOptions): Draft {
  return {
    graph, target: options.target ?? "iOS15", compute: options.compute === "float16" ? "fp16" : "fp32", palettes: options.palettes ?? false,
    names: newNames(), operations: [], bound: new Map(), problems: [], warnings: [],
  };
}

function addOutputs(draft: Draft, reserved: readonly (readonly [ValueId, string])[], asked: WriteCoremlOptions["classifier"]): { readonly outputs: readonly Feature[]; readonly classifier: ClassifierFeatures | null } {
  const features = reserved.map(([id, name]) => addOutput(draft, id, name));
  const all = features.flatMap((feature) => feature === null ? [] : [feature]);
  if (asked === undefined) return { outputs: all, classifier: null };
  const probabilities = reserved.find(([id]) => id === asked.output)?.[1] ?? "";
  const made = addClassifier(draft, { ...asked, probabilities });
  const others = all.filter(({ name }) => name !== probabilities);
  return { outputs: [...made?.features ?? [], ...others], classifier: made?.classifier ?? null };
}

function unknownNames(graph: Graph, { images = {}, shapes = {}, classifier }: WriteCoremlOptions): readonly Diagnostic[] {
  const wrong = (code: "COREML_IMAGE" | "COREML_SHAPES" | "COREML_LABELS", id: string, known: readonly string[]): readonly Diagnostic[] =>
    known.includes(id) ? [] : [portProblem(code, id, { summary: `The model has no ${code === "COREML_LABELS" ? "output" : "input"} ${id}`, found: id, expected: known.join(", "), fix: "Use the name that the model gives it." })];
  return [
    ...Object.keys(images).sort().flatMap((id) => wrong("COREML_IMAGE", id, graph.inputs)),
    ...Object.keys(shapes).sort().flatMap((id) => wrong("COREML_SHAPES", id, graph.inputs)),
    ...(classifier === undefined ? [] : wrong("COREML_LABELS", classifier.output, graph.outputs)),
  ];
}

/** Core ML computes with tensors of at most this many dims. */
const MAX_DIMS = 5;

function shapeProblems(graph: Graph, { op, origin, outputs }: Node): readonly Diagnostic[] {
  const subject = { kind: "node", file: origin.file, node: origin.node, op } as const;
  return outputs.flatMap((id): readonly Diagnostic[] => {
    const { shape } = valueOf(graph, id);
    if (shape === null) return [{ code: "COREML_SHAPES", severity: "error", subject, summary: `The shape of what ${op} makes is not known`, found: "an unknown shape", expected: "a shape that follows from the inputs'", fix: "State the sizes of the inputs." }];
    if (shape.length <= MAX_DIMS) return [];
    return [{ code: "COREML_UNSUPPORTED", severity: "error", subject, summary: "Core ML has no tensors of so many dims", found: `${shape.length} dims`, expected: `at most ${MAX_DIMS}`, fix: "Reshape with fewer dims in the model." }];
  });
}
