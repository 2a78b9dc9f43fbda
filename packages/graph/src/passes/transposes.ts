import { type Graph, type Node, type Value, type ValueId, valueOf } from "../graph.ts";
import type { OpName } from "../op.ts";
import { permOf } from "./drop-identity.ts";
import type { Pass } from "./pass.ts";
import { makeIndexConstant } from "./real-constant.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";

/**
 * Transposes that follow one another become one, and one that only moves dims of size 1 becomes a Reshape.
 *
 * Does not apply to a Reshape's worth of dims without numbers (more than one), nor to a transpose of a graph input, which
 * states the layout of the user's image.
 */
export const mergeTransposes: Pass = {
  name: "merge-transposes",
  summary: "joins transposes in a row; writes one that moves nothing in memory as Reshape",
  run: (graph: Graph): Graph => rewriteEach(graph, (context) => joinAt(context) ?? reshapeAt(context)),
};

/** y = x permuted by p, then by q: y's axis i is x's axis p[q[i]]. */
function joinAt({ graph, uses, node }: RuleContext): Edit | null {
  const [between = null] = node.inputs;
  if (node.op !== "Transpose" || between === null) return null;
  const first = uses.producer(between);
  const input = first?.inputs[0] ?? null;
  const rank = valueOf(graph, between).shape?.length;
  if (first?.op !== "Transpose" || input === null || rank === undefined) return null;
  const inner = permOf(first, rank);
  const perm = permOf(node, rank).map((axis) => inner[axis] ?? axis);
  return { replace: new Map([[node, [{ ...node, inputs: [input], attrs: { perm } }]]]) };
}

function reshapeAt({ graph, node }: RuleContext): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  if (node.op !== "Transpose" || input === null || output === null || graph.inputs.includes(input)) return null;
  const from = valueOf(graph, input).shape;
  const to = valueOf(graph, output).shape;
  if (from === null || to === null || to.includes(0) || to.filter((dim) => typeof dim === "string").length > 1) return null;
  const moved = permOf(node, from.length).filter((axis) => from[axis] !== 1);
  if (moved.some((axis, i) => i > 0 && axis < (moved[i - 1] ?? 0))) return null;
  const shape = makeIndexConstant(freshId(graph, `${output}.shape`), to.map((dim) => (typeof dim === "number" ? dim : -1)));
  return { replace: new Map([[node, [{ ...node, op: "Reshape", inputs: [input, shape.id], attrs: {} }]]]), values: [shape] };
}

/** Without Dequantize, which moves below transposes itself (moveQuantize): the two would pass each other for ever. */
const unary: ReadonlySet<OpName> = new Set<OpName>([
  "Relu", "LeakyRelu", "Elu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Cast", "Quantize",
]);
const binary: ReadonlySet<OpName> = new Set<OpName>(["Add", "Sub", "Mul", "Div", "Min", "Max"]);

/**
 * Moves transposes down, through element-wise ops and Concat, so that those of opposite direction meet and cancel.
 *
 * Does not apply when the transposed value is read elsewhere, when the operands are transposed differently, nor to the
 * transpose of a graph input. A constant operand is transposed the other way instead.
 */
export const sinkTransposes: Pass = {
  name: "sink-transposes",
  summary: "moves transposes below element-wise ops and Concat",
  run: (graph: Graph): Graph => rewriteEach(graph, sinkAt),
};

function sinkAt(context: RuleContext): Edit | null {
  const { graph, node } = context;
  const [output = null] = node.outputs;
  if (output === null || !(unary.has(node.op) || binary.has(node.op) || node.op === "Concat")) return null;
  const rank = valueOf(graph, output).shape?.length;
  if (rank === undefined || (valueOf(graph, output).quant?.axis ?? null) !== null) return null;
  const data = unary.has(node.op) ? node.inputs.slice(0, 1) : node.inputs;
  const transposes = data.map((id) => (id === null ? null : transposeOf(context, id)));
  const perm = transposes.find((found) => found !== null)?.perm;
  if (perm?.length !== rank || transposes.some((found) => found !== null && String(found.perm) !== String(perm))) return null;
  const inputs: ValueId[] = [];
  const added: { readonly nodes: Node[]; readonly values: Value[] } = { nodes: [], values: [] };
  for (const [i, id] of data.entries()) {
    const source = transposes[i]?.input ?? (id === null ? null : invertConstant(context, { id, perm, added }));
    if (source === null) return null;
    inputs.push(source);
  }
  return sunk({ context, perm, inputs: [...inputs, ...node.inputs.slice(data.length)], added });
}

interface Sunk {
  readonly context: RuleContext;
  readonly perm: readonly number[];
  readonly inputs: readonly (ValueId | null)[];
  readonly added: { readonly nodes: readonly Node[]; readonly values: readonly Value[] };
}

function sunk({ context: { graph, node }, perm, inputs, added }: Sunk): Edit {
  const output = node.outputs[0] ?? "";
  const after = valueOf(graph, output);
  const shape = after.shape && perm.map((_, axis) => after.shape?.[perm.indexOf(axis)] ?? 1);
  const between: Value = { ...after, id: freshId(graph, `${output}.untransposed`), shape };
  const axis = Number(node.attrs["axis"] ?? 0);
  const attrs = node.op === "Concat" ? { ...node.attrs, axis: perm[axis < 0 ? axis + perm.length : axis] ?? 0 } : node.attrs;
  const moved: Node = { ...node, inputs, outputs: [between.id], attrs };
  const transpose: Node = { op: "Transpose", inputs: [between.id], outputs: [output], attrs: { perm }, origin: node.origin };
  return { replace: new Map([[node, [...added.nodes, moved, transpose]]]), values: [...added.values, between] };
}

function transposeOf({ graph, uses }: RuleContext, id: ValueId): { readonly input: ValueId; readonly perm: readonly number[] } | null {
  const producer = uses.producer(id);
  const input = producer?.inputs[0] ?? null;
  const rank = valueOf(graph, id).shape?.length;
  if (producer?.op !== "Transpose" || input === null || rank === undefined || graph.inputs.includes(input)) return null;
  return new Set(uses.consumers(id)).size === 1 && !uses.isOutput(id) ? { input, perm: permOf(producer, rank) } : null;
}

interface Inverting {
  readonly id: ValueId;
  readonly perm: readonly number[];
  readonly added: { readonly nodes: Node[]; readonly values: Value[] };
}

/** A constant as it must be before a transpose by `perm`; a scalar stays. Null when the value is not a plain constant. */
function invertConstant({ graph, node }: RuleContext, { id, perm, added }: Inverting): ValueId | null {
  const value = valueOf(graph, id);
  if (!value.constant || value.quant || value.shape === null || !binary.has(node.op) || value.shape.length > perm.length) return null;
  if (value.shape.every((dim) => dim === 1)) return value.shape.length <= perm.length ? id : null;
  const shape = [...Array<number>(perm.length - value.shape.length).fill(1), ...value.shape];
  const padded: Value = { ...value, id: freshId(graph, `${id}.padded`), shape };
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  const turned: Value = { id: freshId(graph, `${id}.transposed`), dtype: value.dtype, shape: inverse.map((axis) => shape[axis] ?? 1), quant: null, constant: null };
  added.values.push(padded, turned);
  added.nodes.push({ op: "Transpose", inputs: [padded.id], outputs: [turned.id], attrs: { perm: inverse }, origin: node.origin });
  return turned.id;
}
