import {
  type Diagnostic, type Graph, type Node, type Quant, type Result, type Value, type ValueId, arithmeticOf, dtypes, fail, indexUses, ok, subjectOf, valueOf,
} from "@edgewise/graph";
import { type GraphDraft, newDraft } from "./draft.ts";
import { finishInt8 } from "./int8-tail.ts";
import { type Range, type Ranges, rangeOf } from "./ranges.ts";
import { type ScaleGroups, activationInputs, scaleGroups } from "./scale-groups.ts";
import { realData } from "./real-data.ts";
import { type Scheme, int16Scheme, int8Scheme } from "./scheme.ts";
import { placeWeights } from "./weights.ts";

export interface QuantizeOptions {
  /** "float": float inputs and outputs with Quantize and Dequantize at the borders. "int8": the borders themselves are int8. */
  readonly borders?: "float" | "int8";
  /** Channel means of the float values, as `calibrate` finds them: turns on bias correction, which is recommended. */
  readonly means?: Readonly<Record<ValueId, readonly number[]>>;
}

/**
 * A canonical float graph with int8 facts on every float value (adr/0001, adr/0002).
 *
 *   weights      int8, symmetric, one scale an output channel; bias int32, scale = input scale · weight scale
 *   activations  int8, one scale and zero point, from `ranges`; one fact where an op moves or compares stored numbers
 *   results of Softmax, Sigmoid, Tanh have the facts of the op; a reader that needs another gets a Quantize between
 *
 * Already quantized graphs keep their scales (`finishInt8`). Errors, all at once: QUANT_OP (no int8 form), QUANT_RANGE (a value
 * without a range). Pure; the result depends on the arguments alone.
 */
export function quantizeGraph(graph: Graph, ranges: Ranges, options: QuantizeOptions = {}): Result<Graph> {
  if (isInteger(graph)) return ok(finishInt8(graph));
  return quantizedBy(int8Scheme, graph, { ranges, stored: options.borders === "int8", means: options.means });
}

export interface QuantizeInt16Options {
  /** "float": float inputs and outputs with Quantize and Dequantize at the borders. "int16": the borders themselves are int16. */
  readonly borders?: "float" | "int16";
  /** As for `quantizeGraph`. */
  readonly means?: QuantizeOptions["means"];
}

/**
 * A canonical float graph with int16 activations over int8 weights, TensorFlow Lite's 16x8 form.
 *
 *   weights      as `quantizeGraph`; bias int64, scale = input scale · weight scale
 *   activations  int16, zero point 0, scale = float32(max |range| / 32767); one fact where an op moves or compares numbers
 *   results of Softmax, Sigmoid, Tanh have scale 2^−15
 *
 * Errors, all at once: QUANT_OP (no int16 form, or a graph that is quantized already), QUANT_RANGE.
 */
export function quantizeInt16x8(graph: Graph, ranges: Ranges, options: QuantizeInt16Options = {}): Result<Graph> {
  const [first] = graph.nodes;
  if (first && isInteger(graph)) {
    return fail({
      code: "QUANT_OP", severity: "error", summary: "The model is quantized already", subject: subjectOf(first),
      found: "integer activations", expected: "a float model", fix: "Give the float model, or choose int8.",
    });
  }
  return quantizedBy(int16Scheme, graph, { ranges, stored: options.borders === "int16", means: options.means });
}

function isInteger(graph: Graph): boolean {
  return graph.nodes.some((node) => ["int8", "quantize"].includes(arithmeticOf(graph, node)));
}

interface Quantization {
  readonly ranges: Ranges;
  /** Whether the borders themselves are integers. */
  readonly stored: boolean;
  readonly means: QuantizeOptions["means"];
}

function quantizedBy(scheme: Scheme, graph: Graph, { ranges, stored, means }: Quantization): Result<Graph> {
  const nodes = graph.nodes.filter((node) => isReal(graph, node));
  const errors = [...unsupported(graph, nodes, scheme), ...missingRanges(graph, nodes, { ranges, scheme })];
  if (errors.length > 0) return fail(...errors);
  const groups = scaleGroups(graph, nodes, { scheme, rangeOf: (id) => rangeFor(graph, ranges, id) });
  const draft = newDraft(graph, scheme.activation);
  for (const id of graph.inputs) if (groups.quantOf.has(id)) enter(draft, id, { groups, stored, scheme });
  const uses = indexUses(graph);
  for (const node of graph.nodes) {
    if (nodes.includes(node)) quantizeNode(draft, node, { groups, means, uses, scheme });
    else draft.push(node);
  }
  leave(draft, { groups, stored, scheme });
  return ok(draft.finish());
}

/** Whether a node computes on float values: its results are float. */
function isReal(graph: Graph, node: Node): boolean {
  return node.outputs.some((id) => dtypes[valueOf(graph, id).dtype].kind === "float");
}

function unsupported(graph: Graph, nodes: readonly Node[], { rules, activation, obstacle }: Scheme): readonly Diagnostic[] {
  return nodes.flatMap((node) => {
    const reason = rules[node.op].kind === "none" ? `${node.op} has no ${activation} form` : obstacle(graph, node);
    if (reason === null) return [];
    return [{
      code: "QUANT_OP", severity: "error" as const, summary: `Layer not available in ${activation}`, subject: subjectOf(node),
      found: node.op, detail: `${node.op} ${node.origin.node} cannot be quantized: ${reason}.`,
      fix: "Choose a float precision or weight-only int8 for this model, or replace the layer and export again.",
    }];
  });
}

function missingRanges(graph: Graph, nodes: readonly Node[], { ranges, scheme }: { readonly ranges: Ranges; readonly scheme: Scheme }): readonly Diagnostic[] {
  return nodes.flatMap((node) => [...activationInputs(graph, node), ...node.outputs].flatMap((id) => {
    if (valueOf(graph, id).constant || needsNoRange(nodes, id, scheme)) return [];
    const range = ranges[id];
    if (range && range.every((limit) => Number.isFinite(limit)) && range[0] <= range[1]) return [];
    return [{
      code: "QUANT_RANGE", severity: "error" as const, summary: "Range missing", subject: subjectOf(node),
      found: range ? `[${range.join(", ")}] for ${id}` : `no range for ${id}`, expected: "finite numbers, low <= high",
      fix: "Calibrate this model again: the ranges belong to another graph or the data gave no finite number.",
    }];
  }));
}

function needsNoRange(nodes: readonly Node[], id: ValueId, { rules }: Scheme): boolean {
  const producer = nodes.find((node) => node.outputs.includes(id));
  return producer !== undefined && ["same", "fixed"].includes(rules[producer.op].kind);
}

function rangeFor(graph: Graph, ranges: Ranges, id: ValueId): Range {
  const value = valueOf(graph, id);
  return value.constant ? rangeOf(realData(value)) : (ranges[id] ?? [0, 0]);
}

interface Border {
  readonly groups: ScaleGroups;
  readonly stored: boolean;
  readonly scheme: Scheme;
}

/** A graph input becomes int8 itself, or stays float and is quantized once. */
function enter(draft: GraphDraft, id: ValueId, { groups, stored, scheme }: Border): void {
  const quant = groups.quantOf.get(id);
  if (!quant) return;
  const value = draft.value(id);
  if (stored) {
    draft.set({ ...value, dtype: scheme.activation, quant });
    return;
  }
  const inside = draft.add({ ...value, id: `${id}_${scheme.activation}`, dtype: scheme.activation, quant });
  draft.readAs(id, inside);
  draft.push({ op: "Quantize", inputs: [id], outputs: [inside], attrs: {}, origin: draft.originNear(id) });
}

interface NodeContext {
  readonly groups: ScaleGroups;
  readonly means: QuantizeOptions["means"];
  readonly uses: ReturnType<typeof indexUses>;
  readonly scheme: Scheme;
}

function quantizeNode(draft: GraphDraft, node: Node, { groups, means, uses, scheme }: NodeContext): void {
  const activations = new Set(activationInputs(draft.source, node));
  const inputs = node.inputs.map((id) => {
    if (id === null || !activations.has(id)) return id;
    const value = valueOf(draft.source, id);
    const quant = groups.quantOf.get(id);
    return value.constant && quant ? draft.placeActivation(value, quant, uses) : draft.reading(id);
  });
  const weighted = scheme.rules[node.op].kind === "weighted" ? placeWeights(draft, node, { quantOf: (id) => inputQuant(draft, id), uses, scheme, means: means?.[node.inputs[0] ?? ""] }) : [];
  const outputs = node.outputs.map((id) => place(draft, id, { groups, scheme }));
  draft.push({ ...node, inputs: inputs.map((id, position) => weighted[position] ?? id), outputs });
  for (const id of node.outputs) requantize(draft, { node, id }, groups);
}

function inputQuant(draft: GraphDraft, id: ValueId): Quant | null {
  return draft.value(draft.reading(id)).quant;
}

/** The value that the node itself writes: a graph output keeps its name for the border. */
function place(draft: GraphDraft, id: ValueId, { groups: { quantOf, requantized }, scheme }: { readonly groups: ScaleGroups; readonly scheme: Scheme }): ValueId {
  const quant = requantized.get(id) ?? quantOf.get(id) ?? null;
  const value: Value = { ...draft.value(id), dtype: scheme.activation, quant };
  if (!draft.source.outputs.includes(id)) {
    draft.set(value);
    return id;
  }
  const inside = draft.add({ ...value, id: `${id}_${scheme.activation}` });
  draft.readAs(id, inside);
  return inside;
}

function requantize(draft: GraphDraft, { node, id }: { readonly node: Node; readonly id: ValueId }, { quantOf, requantized }: ScaleGroups): void {
  const quant = quantOf.get(id);
  if (!requantized.has(id) || !quant) return;
  const from = draft.reading(id);
  const to = draft.add({ ...draft.value(from), id: `${id}_requantized`, quant });
  draft.push({ op: "Quantize", inputs: [from], outputs: [to], attrs: {}, origin: node.origin });
  draft.readAs(id, to);
}

/** Each float output is dequantized from its stored value, or is that value. */
function leave(draft: GraphDraft, { groups, stored }: Border): void {
  for (const id of new Set(draft.source.outputs)) {
    if (!groups.quantOf.has(id) || draft.source.inputs.includes(id)) continue;
    const inside = draft.reading(id);
    if (stored) draft.rename(inside, id);
    else draft.push({ op: "Dequantize", inputs: [inside], outputs: [id], attrs: {}, origin: draft.originNear(id) });
  }
}
