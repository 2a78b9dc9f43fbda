import type { Diagnostic, Subject } from "./diagnostic.ts";
import { dtypes, packedBytes } from "./dtype.ts";
import type { Graph, Node, Value, ValueId } from "./graph.ts";
import { ops } from "./ops/registry.ts";
import type { OpName } from "./op.ts";
import { arithmeticOf } from "./quant-rule.ts";
import { type Uses, indexUses } from "./uses.ts";
import { verifyQuant } from "./verify-quant.ts";

/** Ops whose result may be limited by `clampMin` and `clampMax` (adr/0001). */
export const clampable: ReadonlySet<OpName> = new Set<OpName>([
  "Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "Mul", "MaxPool", "AveragePool", "GlobalAveragePool",
]);

/**
 * Every way in which a graph breaks the rules of the IR; empty for a sound one. Never throws on a malformed graph.
 *
 * Ids known, one producer each, nodes in topological order; arity of the op; dims whole and never negative; constant
 * bytes = packed dtype × shape; quantization facts (adr/0001) well formed and not mixed; clamps only where defined.
 */
export function verifyGraph(graph: Graph): readonly Diagnostic[] {
  const uses = indexUses(graph);
  return [
    ...verifyProducers(graph),
    ...verifyOrder(graph),
    ...[...graph.values.values()].flatMap((value) => verifyValue(value, subjectOfValue(uses, value.id))),
    ...graph.nodes.flatMap((node) => verifyNode(graph, node)),
  ];
}

function verifyProducers(graph: Graph): readonly Diagnostic[] {
  const produced = new Map<ValueId, string>();
  const found: Diagnostic[] = [];
  const claim = (id: ValueId, by: string, subject: Subject): void => {
    const earlier = produced.get(id);
    if (earlier !== undefined) {
      found.push(problem("GRAPH_PRODUCERS", `Value ${id} is produced twice.`, { subject, found: `${earlier} and ${by}`, expected: "one producer" }));
    }
    produced.set(id, by);
  };
  for (const id of graph.inputs) claim(id, "a graph input", { kind: "argument", name: id });
  for (const [id, value] of graph.values) {
    if (value.id !== id) found.push(problem("GRAPH_VALUE_ID", `Value ${id} calls itself ${value.id}.`, { subject: { kind: "argument", name: id } }));
    if (value.constant) claim(id, "a constant", { kind: "argument", name: id });
  }
  for (const node of graph.nodes) for (const id of node.outputs) claim(id, `node ${node.origin.node}`, subjectOf(node));
  return found;
}

function verifyOrder(graph: Graph): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const ready = new Set<ValueId>(graph.inputs);
  for (const [id, value] of graph.values) if (value.constant) ready.add(id);
  const need = (id: ValueId, reader: string, subject: Subject): void => {
    if (!graph.values.has(id)) found.push(problem("GRAPH_UNKNOWN_VALUE", `${reader} names ${id}, which the graph does not have.`, { subject }));
    else if (!ready.has(id)) found.push(problem("GRAPH_ORDER", `${reader} reads ${id} before it is produced.`, { subject }));
  };
  for (const id of graph.inputs) need(id, "The list of inputs", { kind: "argument", name: id });
  for (const node of graph.nodes) {
    for (const id of node.inputs) if (id !== null) need(id, `Node ${node.origin.node}`, subjectOf(node));
    for (const id of node.outputs) {
      ready.add(id);
      need(id, `Node ${node.origin.node}`, subjectOf(node));
    }
  }
  for (const id of graph.outputs) need(id, "The list of outputs", { kind: "argument", name: id });
  return found;
}

function verifyValue(value: Value, subject: Subject): readonly Diagnostic[] {
  const dims = value.shape ?? [];
  const bad = dims.filter((dim) => typeof dim === "number" && !(Number.isInteger(dim) && dim >= 0));
  const found = bad.map((dim) => problem("GRAPH_DIM", `A dim of ${value.id} is ${dim}.`, { subject, found: String(dim), expected: "a whole number from 0, or a name" }));
  if (value.constant) found.push(...verifyConstant(value, subject));
  if (value.quant) found.push(...verifyQuant(value, subject));
  return found;
}

function verifyConstant(value: Value, subject: Subject): readonly Diagnostic[] {
  const shape = value.shape;
  if (shape === null || shape.some((dim) => typeof dim !== "number")) {
    return [problem("GRAPH_CONSTANT_SHAPE", `Constant ${value.id} has no fixed shape.`, { subject })];
  }
  const elements = shape.reduce<number>((product, dim) => product * Number(dim), 1);
  const expected = packedBytes(value.dtype, elements);
  const actual = value.constant?.bytes.byteLength ?? 0;
  if (actual === expected) return [];
  return [problem("GRAPH_CONSTANT_BYTES", `Constant ${value.id} does not fill its shape.`, { subject,
    found: `${actual} bytes`,
    expected: `${expected} bytes: ${value.dtype}[${shape.join(", ")}], ${dtypes[value.dtype].bits} bits each`,
  })];
}

function verifyNode(graph: Graph, node: Node): readonly Diagnostic[] {
  return [...verifyArity(node), ...verifyClamp(node), ...verifyArithmetic(graph, node)];
}

function verifyArity(node: Node): readonly Diagnostic[] {
  const formal = ops[node.op].inputs;
  const repeats = formal.at(-1)?.endsWith("...") ?? false;
  const found: Diagnostic[] = [];
  if (!repeats && node.inputs.length > formal.length) {
    found.push(problem("GRAPH_ARITY", `${node.op} takes ${formal.length} inputs.`, { subject: subjectOf(node), found: `${node.inputs.length} inputs`, expected: `at most ${formal.length}` }));
  }
  formal.forEach((name, position) => {
    const required = !name.endsWith("?") && !(name.endsWith("...") && position > 0);
    if (required && (node.inputs[position] ?? null) === null) {
      found.push(problem("GRAPH_ARITY", `${node.op} lacks its input ${name}.`, { subject: subjectOf(node), expected: formal.join(", ") }));
    }
  });
  if (node.outputs.length === 0) found.push(problem("GRAPH_ARITY", `${node.op} has no output.`, { subject: subjectOf(node) }));
  return found;
}

function verifyClamp(node: Node): readonly Diagnostic[] {
  const { clampMin, clampMax } = node.attrs;
  if (clampMin === undefined && clampMax === undefined) return [];
  if (!clampable.has(node.op)) return [problem("GRAPH_CLAMP", `${node.op} cannot carry a clamp.`, { subject: subjectOf(node), expected: [...clampable].join(", ") })];
  const low = clampMin ?? -Infinity;
  const high = clampMax ?? Infinity;
  const sound = typeof low === "number" && typeof high === "number" && low <= high;
  return sound ? [] : [problem("GRAPH_CLAMP", `The clamp of ${node.op} is empty.`, { subject: subjectOf(node), found: `${low} to ${high}`, expected: "numbers, clampMin <= clampMax" })];
}

function verifyArithmetic(graph: Graph, node: Node): readonly Diagnostic[] {
  if (arithmeticOf(graph, node) !== "mixed") return [];
  const facts = [...node.inputs, ...node.outputs].map((id) => (id === null ? "_" : `${id}: ${graph.values.get(id)?.quant ? "fact" : "none"}`));
  return [problem("GRAPH_QUANT_MIXED", `${node.op} has quantization facts on only some of its values.`, { subject: subjectOf(node),
    found: facts.join(", "),
    expected: "facts on all data inputs and outputs, on constants only, or on none",
  })];
}

/** A mistake in a graph, whoever made it. */
function problem(code: string, summary: string, at: { readonly subject: Subject; readonly found?: string; readonly expected?: string }): Diagnostic {
  return { code, severity: "error", summary, ...at, fix: "Export the model again, or correct the step that made this graph." };
}

/** A node as the user knows it. */
export function subjectOf(node: Node): Subject {
  return { kind: "node", file: node.origin.file, node: node.origin.node, op: node.op };
}

/** The node that makes the value, or the first that reads it. */
function subjectOfValue(uses: Uses, id: ValueId): Subject {
  const node = uses.producer(id) ?? uses.consumers(id)[0];
  return node ? subjectOf(node) : { kind: "argument", name: id };
}
