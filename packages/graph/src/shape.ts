import { type Diagnostic, type Result, fail, ok } from "./diagnostic.ts";
import type { Dim, Graph, Node, Value, ValueId } from "./graph.ts";
import { type Fact, OpError } from "./op.ts";
import { ops } from "./ops/registry.ts";
import { decodeConstant } from "./tensor-codec.ts";
import { subjectOf } from "./verify.ts";

/** Shapes, axes and pads have at most two numbers per dim; real ranks stay below 16. Larger contents are data. */
const MAX_KNOWN_ELEMENTS = 64;

/** What is known of every value, and every conflict between the file's annotations and the ops' shape rules. */
export interface Facts {
  readonly facts: ReadonlyMap<ValueId, Fact>;
  readonly conflicts: readonly Diagnostic[];
}

/**
 * Runs the ops' shape rules forward through the graph.
 *
 * Named dims and small integer contents travel along (Shape, Gather, Concat, …). An annotation fills what a rule leaves
 * open; a number is preferred to a name; two different numbers are a conflict. Rules speak of reals: a value with a
 * quantization fact enters as float32, and keeps its stored type when it leaves.
 */
export function inferFacts(graph: Graph): Facts {
  const facts = new Map<ValueId, Fact>();
  const conflicts: Diagnostic[] = [];
  for (const id of graph.inputs) {
    const value = graph.values.get(id);
    if (value) facts.set(id, factOfValue(value));
  }
  for (const [id, value] of graph.values) if (value.constant) facts.set(id, factOfValue(value));
  for (const node of graph.nodes) {
    const inferred = inferNode({ graph, node, facts, conflicts });
    node.outputs.forEach((id, position) => {
      const value = graph.values.get(id);
      if (!value) return;
      facts.set(id, settle({ node, value, inferred: inferred?.[position] ?? null, conflicts }));
    });
  }
  return { facts, conflicts };
}

/** Fills `Value.shape` (and the type of values the file did not annotate); every conflict names its node. */
export function propagateShapes(graph: Graph): Result<Graph> {
  const { facts, conflicts } = inferFacts(graph);
  if (conflicts.length > 0) return fail(...conflicts);
  const changed = new Map<ValueId, Value>();
  for (const node of graph.nodes) {
    for (const id of node.outputs) {
      const value = graph.values.get(id);
      const fact = facts.get(id);
      if (!value || !fact) continue;
      const dtype = value.quant ? value.dtype : fact.dtype;
      if (dtype !== value.dtype || !sameShape(value.shape, fact.shape)) changed.set(id, { ...value, dtype, shape: fact.shape });
    }
  }
  if (changed.size === 0) return ok(graph);
  return ok({ ...graph, values: new Map([...graph.values, ...changed]) });
}

export function sameShape(a: readonly Dim[] | null, b: readonly Dim[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

function factOfValue(value: Value): Fact {
  const reals = knownReals(value);
  return { dtype: value.quant ? "float32" : value.dtype, shape: value.shape, elements: knownElements(value), ...(reals && { reals }) };
}

function knownReals(value: Value): readonly number[] | null {
  if (!value.constant || value.quant || value.shape === null || value.dtype !== "float32") return null;
  return value.constant.bytes.byteLength > MAX_KNOWN_ELEMENTS * 4 ? null : Array.from(decodeConstant(value).data, Number);
}

function knownElements(value: Value): readonly number[] | null {
  if (!value.constant || value.quant || value.shape === null) return null;
  if (value.dtype !== "int64" && value.dtype !== "int32") return null;
  if (value.constant.bytes.byteLength > MAX_KNOWN_ELEMENTS * 8) return null;
  return Array.from(decodeConstant(value).data, Number);
}

interface InferContext {
  readonly graph: Graph;
  readonly node: Node;
  readonly facts: ReadonlyMap<ValueId, Fact>;
  readonly conflicts: Diagnostic[];
}

function inferNode({ graph, node, facts, conflicts }: InferContext): readonly Fact[] | null {
  const inputs = node.inputs.map((id) => {
    if (id === null) return null;
    const value = graph.values.get(id);
    return facts.get(id) ?? (value ? factOfValue(value) : null);
  });
  try {
    return ops[node.op].infer(inputs, node.attrs, node.outputs.length);
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    conflicts.push({
      code: error.code, severity: "error",
      summary: `${node.op} cannot take these inputs.`,
      subject: subjectOf(node),
      found: inputs.map((fact) => (fact ? `${fact.dtype}${shapeText(fact.shape)}` : "_")).join(", "),
      detail: error.message,
      fix: "Correct this node in the model and export it again.",
    });
    return null;
  }
}

interface Settling {
  readonly node: Node;
  readonly value: Value;
  readonly inferred: Fact | null;
  readonly conflicts: Diagnostic[];
}

/** Joins what the rule says with what the file says. */
function settle({ node, value, inferred, conflicts }: Settling): Fact {
  const written = factOfValue(value);
  if (inferred === null) return written;
  const dtype = value.quant ? "float32" : inferred.dtype;
  if (value.shape !== null && !value.quant && value.dtype !== inferred.dtype) {
    conflicts.push(conflict("SHAPE_DTYPE", node, { value, found: value.dtype, expected: inferred.dtype }));
  }
  if (value.shape === null || inferred.shape === null) return { dtype, shape: inferred.shape ?? value.shape, elements: inferred.elements };
  const shape = joinShapes(value.shape, inferred.shape);
  if (shape === null) conflicts.push(conflict("SHAPE_CONFLICT", node, { value, found: shapeText(value.shape), expected: shapeText(inferred.shape) }));
  return { dtype, shape: shape ?? inferred.shape, elements: inferred.elements };
}

function joinShapes(written: readonly Dim[], inferred: readonly Dim[]): readonly Dim[] | null {
  if (written.length !== inferred.length) return null;
  const joined: Dim[] = [];
  for (const [i, rule] of inferred.entries()) {
    const note = written[i] ?? rule;
    if (typeof rule === "number" && typeof note === "number" && rule !== note) return null;
    joined.push(typeof rule === "string" && typeof note === "number" ? note : rule);
  }
  return joined;
}

function conflict(code: string, node: Node, at: { readonly value: Value; readonly found: string; readonly expected: string }): Diagnostic {
  return {
    code, severity: "error",
    summary: `The file's note on ${at.value.id} contradicts ${node.op}.`,
    subject: subjectOf(node),
    found: at.found, expected: at.expected,
    fix: "Export the model again without stale shape annotations (value_info).",
  };
}

/** "[N, 3, 32, 32]"; "[?]" where nothing is known. */
export function shapeText(shape: readonly Dim[] | null): string {
  return shape === null ? "[?]" : `[${shape.join(", ")}]`;
}
