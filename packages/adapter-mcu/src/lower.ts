import {
  type ArenaBuffer, type Diagnostic, type Graph, type Node, type Result, type ValueId, arithmeticOf, elementCount, fail, invariant, ok, planArena, sameQuant,
  subjectOf, valueOf,
} from "@edgewise/graph";
import { reduceInt8 } from "@edgewise/graph/passes";
import type { LayerFact } from "@edgewise/planner/schema";
import { fitsField } from "./kernels/kernel.ts";
import { kernels } from "./kernels/registry.ts";
import { type Layout, channelsLast } from "./layout.ts";
import { Builder, type Refusal, rowMajorOf } from "./lower/builder.ts";
import { lowerUnary } from "./lower/elementwise.ts";
import { lowerAlias } from "./lower/moves.ts";
import { loweringRules } from "./lower/rules.ts";
import { type KernelSet, type Numbers, specialize } from "./isa/specialize.ts";
import { ARENA_ALIGNMENT_BYTES, type Activation, type Layer, type Port, type Program, scratchId } from "./program.ts";

/** What lowering found: a verdict for each node, and the program when every node has a kernel. */
export interface Lowering {
  readonly layers: readonly LayerFact[];
  readonly program: Result<Program>;
}

/**
 * A quantized graph as a list of kernel calls over one arena.
 *
 * Images lie as [H][W][C]: a camera's frame enters as it comes, and every dot product runs over neighbours on both sides.
 * Float borders (Quantize of an input, Dequantize of an output) vanish: the caller hands over int8. Reshapes and
 * transpositions become other names wherever the bytes may stay. Channels that are never anything but one value are gone
 * before, when the numbers are final. `assess` and `emit` both use this, so what one promises
 * the other keeps.
 */
export function lowerGraph(graph: Graph, set: KernelSet, numbers: Numbers = "final"): Lowering {
  return lowerUnreduced(numbers === "final" ? reduceInt8(graph) : graph, set, numbers);
}

/** The same, with every channel of the graph as it is. */
export function lowerUnreduced(graph: Graph, set: KernelSet, numbers: Numbers): Lowering {
  const first = lowerFrom(graph, { set, numbers, inputLayout: channelsLast });
  const moves = first.program.ok && first.program.value.layers[0]?.kernel === "copy";
  if (!moves) return first;
  // A model that takes [H][W][C] itself starts with a transposition, which is a mere name when its input lies as written.
  const second = lowerFrom(graph, { set, numbers, inputLayout: rowMajorOf });
  return second.program.ok && second.program.value.layers[0]?.kernel !== "copy" ? second : first;
}

interface Choices {
  readonly set: KernelSet;
  readonly numbers: Numbers;
  readonly inputLayout: (shape: readonly number[]) => Layout;
}

function lowerFrom(graph: Graph, { set, numbers, inputLayout }: Choices): Lowering {
  const build = new Builder(graph);
  for (const id of graph.inputs) placeInput(build, id, inputLayout);
  const layers: LayerFact[] = [];
  const errors: Diagnostic[] = [];
  let blocked = false;
  for (const node of graph.nodes) {
    const before = build.layers.length;
    const refusal: Refusal | null = blocked && !readable(build, node) ? null : (lowerNode(node, build) ?? oversized(build.layers.slice(before)));
    if (refusal !== null) errors.push(unsupported(node, refusal));
    blocked ||= refusal !== null;
    const macs = build.layers.slice(before).reduce((sum, layer) => sum + layer.macs, 0);
    layers.push({ node: node.origin.node, op: node.op, supported: refusal === null, rule: refusal?.refused ?? ruleOf(node), macs });
  }
  return { layers, program: errors.length > 0 ? fail(...errors) : assemble(build, { set, numbers }) };
}

/** Sizes are 16-bit numbers in most parameter structs; a layer that is larger has no kernel. */
function oversized(layers: readonly Layer[]): Refusal | null {
  for (const { kernel, parameters } of layers) {
    const field = kernels[kernel].fields.find(({ name, type }) => {
      const value = parameters[name];
      return typeof value === "number" && !fitsField(type, value);
    });
    if (field !== undefined) return { refused: `${field.name} is ${String(parameters[field.name])}, more than the kernel's ${field.type} holds.` };
  }
  return null;
}

/** After a refusal, nodes that read its result cannot be lowered; they are judged by their op alone. */
function readable(build: Builder, node: Node): boolean {
  return node.inputs.every((id) => id === null || valueOf(build.graph, id).constant !== null || build.placed(id) !== null);
}

function ruleOf(node: Node): string {
  if (node.op === "Quantize" || node.op === "Dequantize") return "The border of the network: the caller hands over int8.";
  return loweringRules[node.op]?.rule ?? `${node.op} has no int8 kernel.`;
}

function placeInput(build: Builder, id: ValueId, layout: (shape: readonly number[]) => Layout): void {
  const shape = build.shape(id);
  build.activations.push({ id, bytes: elementCount(shape) });
  build.place(id, { activation: id, layout: layout(shape), quant: valueOf(build.graph, id).quant });
}

const floatRule = "This node computes in float; the kernels are int8 only.";

function lowerNode(node: Node, build: Builder): Refusal | null {
  build.begin(node);
  const kind = arithmeticOf(build.graph, node);
  switch (kind) {
    case "quantize": return lowerQuantize(node, build);
    case "dequantize": return lowerDequantize(node, build);
    case "float": return movesOnly(node, build) ? (loweringRules[node.op]?.lower(node, build) ?? { refused: floatRule }) : { refused: floatRule };
    case "weight-only": case "mixed": return { refused: floatRule };
    case "int8": break;
    default: return kind satisfies never;
  }
  const rule = loweringRules[node.op];
  return rule === undefined ? { refused: `${node.op} has no int8 kernel.` } : rule.lower(node, build);
}

/** A float node between an input and its Quantize, or behind a Dequantize, that only renames bytes. */
function movesOnly(node: Node, build: Builder): boolean {
  const renames = node.op === "Transpose" || loweringRules[node.op]?.lower === lowerAlias;
  return renames && node.inputs[0] != null && build.placed(node.inputs[0]) !== null;
}

/** A float input is quantized by the caller; an int8 value changes its scale through a table. */
function lowerQuantize(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: "Quantize has an input and an output." };
  const from = build.placed(x);
  if (from === null) return { refused: floatRule };
  const quant = build.quant(y);
  if (from.quant === null || sameQuant(from.quant, quant)) {
    build.place(y, { ...from, quant });
    return null;
  }
  return lowerUnary(node, build);
}

/** The result keeps its int8 numbers and their meaning; whoever computes on it in float is refused. */
function lowerDequantize(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  const from = x ? build.placed(x) : null;
  if (!from || !y) return { refused: "Dequantize stands behind an int8 activation." };
  build.place(y, from);
  return null;
}

function unsupported(node: Node, refusal: Refusal): Diagnostic {
  return {
    code: "OP_UNSUPPORTED", severity: "error", summary: `${node.op} has no int8 kernel for microcontrollers in this form`, subject: subjectOf(node),
    detail: refusal.refused, fix: "Replace the operator in the model, or choose a target whose runtime has it.",
  };
}

function assemble(build: Builder, { set, numbers }: Omit<Choices, "inputLayout">): Result<Program> {
  const { graph } = build;
  const [inputId, ...moreInputs] = graph.inputs;
  const [outputId, ...moreOutputs] = graph.outputs;
  if (inputId === undefined || outputId === undefined || moreInputs.length > 0 || moreOutputs.length > 0) return fail(ports(graph));
  const output = portOf(build, outputId, outputId);
  const input = portOf(build, inputId, firstQuantized(build, inputId));
  const needed = dropUnread(build.layers, output.activation).map((layer) => specialize(layer, set, numbers));
  const activations = build.activations.filter(({ id }) => id === input.activation || id === output.activation || needed.some((layer) => layer.output === id));
  const plan = planArena(lifetimesOf(activations, needed, { input: input.activation, output: output.activation }));
  const readAheadBytes = Math.max(0, ...needed.map((layer) => kernels[layer.kernel].readAheadBytes ?? 0));
  const arenaBytes = Math.ceil((plan.peakBytes + readAheadBytes) / ARENA_ALIGNMENT_BYTES) * ARENA_ALIGNMENT_BYTES;
  return ok({ name: graph.name, input, output, layers: needed, activations, offsets: plan.offsets, arenaBytes });
}

function ports(graph: Graph): Diagnostic {
  return {
    code: "MODEL_PORTS", severity: "error", summary: "Microcontroller bundles have one input and one output", subject: { kind: "argument", name: graph.name },
    found: `${graph.inputs.length} inputs, ${graph.outputs.length} outputs`, expected: "one of each", fix: "Export the model with a single input and a single output.",
  };
}

function portOf(build: Builder, id: ValueId, quantOf: ValueId): Port {
  const placed = build.placed(id);
  const quant = build.placed(quantOf)?.quant ?? null;
  invariant(placed !== null && quant !== null, `${id} is int8`);
  return { id, activation: placed.activation, shape: build.shape(id), layout: placed.layout, quant };
}

/** The first value made from the input, through renaming, that carries a fact. */
function firstQuantized(build: Builder, input: ValueId): ValueId {
  if (build.placed(input)?.quant) return input;
  const found = [...build.graph.values.keys()].find((id) => {
    const placed = build.placed(id);
    return placed?.activation === input && placed.quant !== null;
  });
  invariant(found !== undefined, "the input is quantized somewhere");
  return found;
}

/** Layers whose result nobody reads do nothing. */
function dropUnread(layers: readonly Layer[], output: string): readonly Layer[] {
  const read = new Set([output]);
  const kept: Layer[] = [];
  for (const layer of [...layers].reverse()) {
    if (!read.has(layer.output)) continue;
    for (const id of layer.inputs) read.add(id);
    kept.unshift(layer);
  }
  return kept;
}

/** Step 0 is before the first layer; layer i runs in step i + 1; the output lives past the last. */
export function lifetimesOf(activations: readonly Activation[], layers: readonly Layer[], ports: { readonly input: string; readonly output: string }): readonly ArenaBuffer[] {
  const end = layers.length + 1;
  const scratch = layers.flatMap(({ scratchBytes: bytes }, i): readonly ArenaBuffer[] =>
    bytes === 0 ? [] : [{ id: scratchId(i), bytes, firstUse: i + 1, lastUse: i + 1, alignmentBytes: ARENA_ALIGNMENT_BYTES }]);
  const values = activations.map(({ id, bytes }): ArenaBuffer => {
    const born = id === ports.input ? 0 : layers.findIndex((layer) => layer.output === id) + 1;
    const touched = layers.reduce((last, layer, i) => (layer.inputs.includes(id) || layer.output === id ? i + 1 : last), born);
    const maker = id === ports.input ? undefined : layers[born - 1];
    const partners = (maker?.inputs ?? []).map((input, i) => ({ id: input, overlapBytes: maker?.overlapBytes[i] ?? 0, sameStart: maker?.replaces?.[i] === true }))
      .filter(({ overlapBytes, sameStart }) => overlapBytes > 0 || sameStart);
    return { id, bytes, firstUse: born, lastUse: id === ports.output ? end : touched, ...(partners.length > 0 ? { inPlaceWith: partners } : {}) };
  });
  return [...values, ...scratch];
}

