import type { Diagnostic } from "./diagnostic.ts";
import { type Graph, type Node, type Value, type ValueId, valueOf } from "./graph.ts";
import { dequantizeTensor } from "./int8/affine.ts";
import { invariant } from "./invariant.ts";
import { OpError, type QTensor } from "./op.ts";
import { int16Evaluators } from "./ops/int16-registry.ts";
import { required } from "./ops/operand.ts";
import { quantizeAs } from "./ops/quantize.ts";
import { ops } from "./ops/registry.ts";
import type { Quant } from "./quant.ts";
import { arithmeticOf } from "./quant-rule.ts";
import { shapeText } from "./shape.ts";
import { elementCount, type Tensor } from "./tensor.ts";
import { decodeConstant } from "./tensor-codec.ts";
import { subjectOf } from "./verify.ts";

export interface InterpretOptions {
  /** Values to return: any of the graph's, each once; the graph's outputs when left out. */
  readonly fetch?: readonly ValueId[];
}

/** A model or its feeds ask for something undefined: a user's mistake, with the node or input it is about. */
export class InterpretError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(`${diagnostic.code}: ${diagnostic.summary}${diagnostic.detail === undefined ? "" : ` ${diagnostic.detail}`}`);
    this.diagnostic = diagnostic;
  }
}

/**
 * Runs a graph in the reference arithmetic and returns the fetched values; a quantized one as its stored integers.
 *
 *   one node after another, only those that a fetched value needs; a value is let go after its last reader
 *   each node computes as its facts say (quant-rule.ts): float, int8 or int16, or on weights that are dequantized first
 *
 * `feeds` by input id, in the inputs' types and shapes; named dims take any size. Throws `InterpretError`: FEED_MISSING,
 * FEED_TYPE, FEED_SHAPE, FETCH_UNKNOWN, and the ops' codes with the node. Source: adr/0001, adr/0002.
 */
export function interpret(graph: Graph, feeds: ReadonlyMap<ValueId, Tensor>, options: InterpretOptions = {}): ReadonlyMap<ValueId, Tensor> {
  return prepareInterpreter(graph, options)(feeds);
}

/** `interpret` for many feeds: order, lifetimes and constants are worked out once. */
export function prepareInterpreter(graph: Graph, options: InterpretOptions = {}): (feeds: ReadonlyMap<ValueId, Tensor>) => ReadonlyMap<ValueId, Tensor> {
  const fetch = options.fetch ?? graph.outputs;
  for (const id of fetch) if (!graph.values.has(id)) throw unknownFetch(graph, id);
  const nodes = neededNodes(graph, fetch);
  const lastReader = lastReaders(nodes, fetch);
  const constants = decodedConstants(graph, nodes, fetch);
  const inputs = graph.inputs.filter((id) => fetch.includes(id) || nodes.some((node) => node.inputs.includes(id)));
  return (feeds) => {
    const live = new Map(constants);
    for (const id of inputs) live.set(id, feedOf(graph, feeds, id));
    for (const node of nodes) {
      const results = runNode({ graph, node, live });
      node.outputs.forEach((id, i) => {
        const result = results[i];
        if (result && (lastReader.has(id) || fetch.includes(id))) live.set(id, result);
      });
      for (const id of node.inputs) if (id !== null && lastReader.get(id) === node && !constants.has(id)) live.delete(id);
    }
    return new Map(fetch.map((id) => [id, valueIn(live, id)]));
  };
}

/** The nodes that the fetched values depend on, in the graph's order. */
function neededNodes(graph: Graph, fetch: readonly ValueId[]): readonly Node[] {
  const wanted = new Set(fetch);
  const needed = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((id) => wanted.has(id))) return false;
    for (const id of node.inputs) if (id !== null) wanted.add(id);
    return true;
  });
  return needed.toReversed();
}

/** For each value, the node after which it can be let go; fetched values are in no node's hand. */
function lastReaders(nodes: readonly Node[], fetch: readonly ValueId[]): ReadonlyMap<ValueId, Node | null> {
  const last = new Map<ValueId, Node | null>();
  for (const node of nodes) for (const id of node.inputs) if (id !== null) last.set(id, node);
  for (const id of fetch) last.set(id, null);
  return last;
}

function decodedConstants(graph: Graph, nodes: readonly Node[], fetch: readonly ValueId[]): ReadonlyMap<ValueId, Tensor> {
  const constants = new Map<ValueId, Tensor>();
  for (const id of [...nodes.flatMap((node) => node.inputs), ...fetch]) {
    const value = id === null ? undefined : graph.values.get(id);
    if (value?.constant && !constants.has(value.id)) constants.set(value.id, decodeConstant(value));
  }
  return constants;
}

interface Step {
  readonly graph: Graph;
  readonly node: Node;
  readonly live: ReadonlyMap<ValueId, Tensor>;
}

function runNode({ graph, node, live }: Step): readonly Tensor[] {
  const def = ops[node.op];
  const operands = node.inputs.map((id) => (id === null ? null : { tensor: valueIn(live, id), quant: graph.values.get(id)?.quant ?? null }));
  try {
    const arithmetic = arithmeticOf(graph, node);
    switch (arithmetic) {
      case "float":
        return def.evaluate(operands.map((operand) => operand?.tensor ?? null), node.attrs, node.outputs.length);
      case "weight-only":
        return def.evaluate(operands.map((operand) => operand && realOf(operand)), node.attrs, node.outputs.length);
      case "quantize":
        return node.outputs.map((id) => quantizedFor(graph, id, required(operands[0], "x")));
      case "int8": case "dequantize": {
        const [stored] = node.outputs.map((id) => graph.values.get(id)?.dtype);
        const evaluate = stored === "int16" ? int16Evaluators[node.op] : def.evaluateInt8;
        if (!evaluate) throw new OpError("OP_QUANT", `${node.op} has no ${stored === "int16" ? stored : "int8"} form`);
        const facts = node.outputs.map((id) => graph.values.get(id)?.quant ?? noFact);
        return evaluate(operands.map((operand) => operand && { tensor: operand.tensor, quant: operand.quant ?? noFact }), facts, node.attrs);
      }
      case "mixed":
        throw new OpError("OP_QUANT", "only some of its values have quantization facts");
      default:
        return arithmetic satisfies never;
    }
  } catch (error) {
    if (error instanceof OpError) throw nodeError(error, { node, found: operands.map((operand) => operand && operand.tensor) });
    throw error;
  }
}

/** What stands for the fact of an operand or a result that has none; no evaluator reads it. */
const noFact: Quant = { kind: "affine", scale: [1], zeroPoint: [0], axis: null };

function quantizedFor(graph: Graph, id: ValueId, x: { readonly tensor: Tensor; readonly quant: Quant | null }): Tensor {
  const value = valueOf(graph, id);
  return quantizeAs(value.dtype, { tensor: x.tensor, quant: x.quant ?? noFact }, value.quant ?? noFact);
}

function realOf({ tensor, quant }: { readonly tensor: Tensor; readonly quant: Quant | null }): Tensor {
  const operand: QTensor | null = quant && { tensor, quant };
  return operand ? dequantizeTensor(operand) : tensor;
}

function valueIn(live: ReadonlyMap<ValueId, Tensor>, id: ValueId): Tensor {
  const tensor = live.get(id);
  invariant(tensor, `value ${id} is read before it is produced`);
  return tensor;
}

function feedOf(graph: Graph, feeds: ReadonlyMap<ValueId, Tensor>, id: ValueId): Tensor {
  const value = valueOf(graph, id);
  const tensor = feeds.get(id);
  if (!tensor) throw feedError("FEED_MISSING", value, "nothing");
  if (tensor.dtype !== value.dtype) throw feedError("FEED_TYPE", value, tensor.dtype);
  const { shape } = value;
  const fits = shape === null || (shape.length === tensor.shape.length && shape.every((dim, axis) => typeof dim === "string" || dim === tensor.shape[axis]));
  if (!fits || tensor.data.length !== elementCount(tensor.shape)) throw feedError("FEED_SHAPE", value, shapeText(tensor.shape));
  return tensor;
}

function feedError(code: string, value: Value, found: string): InterpretError {
  return new InterpretError({
    code, severity: "error",
    summary: `Input ${value.id} does not take this.`,
    subject: { kind: "argument", name: value.id },
    found, expected: `${value.dtype}${shapeText(value.shape)}`,
    fix: `Feed ${value.id} a tensor of that type and shape.`,
  });
}

function unknownFetch(graph: Graph, id: ValueId): InterpretError {
  return new InterpretError({
    code: "FETCH_UNKNOWN", severity: "error",
    summary: `Graph ${graph.name} has no value ${id}.`,
    subject: { kind: "argument", name: "fetch" },
    found: id,
    fix: "Fetch a value of the graph.",
  });
}

function nodeError(error: OpError, at: { readonly node: Node; readonly found: readonly (Tensor | null)[] }): InterpretError {
  return new InterpretError({
    code: error.code, severity: "error",
    summary: `${at.node.op} cannot compute these inputs.`,
    subject: subjectOf(at.node),
    found: at.found.map((tensor) => (tensor ? `${tensor.dtype}${shapeText(tensor.shape)}` : "_")).join(", "),
    detail: `${error.message}.`,
    fix: "Correct this node in the model and export it again.",
  });
}
