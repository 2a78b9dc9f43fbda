import { type Graph, type Node, type Value, type ValueId, valueOf } from "../graph.ts";
import type { OpName } from "../op.ts";
import { transpose } from "../ops/transpose.ts";
import { decodeConstant, encodeTensor } from "../tensor-codec.ts";
import { permOf } from "./drop-identity.ts";
import type { Pass } from "./pass.ts";
import { type Edit, type RuleContext, freshId, rewriteEach } from "./rewrite.ts";
import { type Parameters, parametersBelow } from "./sunk-parameters.ts";

/** Without Dequantize, which moves below transposes itself (moveQuantize): the two would pass each other for ever. */
const unary: ReadonlySet<OpName> = new Set<OpName>([
  "Relu", "LeakyRelu", "Elu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Cast", "Quantize",
]);
const binary: ReadonlySet<OpName> = new Set<OpName>(["Add", "Sub", "Mul", "Div", "Min", "Max", "PRelu"]);
/** Ops whose parameters name axes. */
const parametric: ReadonlySet<OpName> = new Set<OpName>(["Concat", "Pad", "ReduceMean"]);

/**
 * Moves transposes down, through element-wise ops, Concat, Pad and ReduceMean, so that those of opposite direction meet and
 * cancel.
 *
 * Does not apply when the transposed value is also read by something that cannot take it untransposed, when the operands are
 * transposed differently, nor to the transpose of a graph input, unless it is undone right after. A constant operand is transposed the other way instead.
 */
export const sinkTransposes: Pass = {
  name: "sink-transposes",
  summary: "moves transposes below element-wise ops, Concat, Pad and ReduceMean",
  run: (graph: Graph): Graph => rewriteEach(graph, sinkAt),
};

/** A node below transposes of one direction: what it would read without them. */
interface Below {
  readonly perm: readonly number[];
  /** Data operands: the value before its transpose, or a constant to be transposed the other way. */
  readonly sources: readonly (Transposed | { readonly constant: Value })[];
  readonly parameters: Parameters;
}

interface Transposed {
  /** The transposed value, and the value it is made from. */
  readonly id: ValueId;
  readonly input: ValueId;
}

function sinkAt(context: RuleContext): Edit | null {
  const { graph, node } = context;
  const below = belowOf(graph, context.uses, node);
  if (below === null) return null;
  const readers = below.sources.flatMap((source) => "id" in source ? context.uses.consumers(source.id) : []);
  if (!readers.every((reader) => reader === node || reader.op === "Transpose" || belowOf(graph, context.uses, reader) !== null)) return null;
  return sunk(context, below);
}

function belowOf(graph: Graph, uses: RuleContext["uses"], node: Node): Below | null {
  const [output = null] = node.outputs;
  if (output === null || !(unary.has(node.op) || binary.has(node.op) || parametric.has(node.op))) return null;
  const made = valueOf(graph, output);
  if (made.shape === null || (made.quant?.axis ?? null) !== null) return null;
  const data = binary.has(node.op) || node.op === "Concat" ? node.inputs : node.inputs.slice(0, 1);
  const transposes = data.map((id) => (id === null ? null : transposeOf(graph, uses, { id, reader: node })));
  const perm = transposes.find((found) => found !== null)?.perm;
  if (perm === undefined || transposes.some((found) => found !== null && String(found.perm) !== String(perm))) return null;
  if (node.op !== "ReduceMean" && made.shape.length !== perm.length) return null;
  const parameters = parametersBelow(graph, node, perm);
  const sources: Below["sources"][number][] = [];
  for (const [i, id] of data.entries()) {
    const source = transposes[i] ?? (id === null || !binary.has(node.op) ? null : invertible(valueOf(graph, id), perm));
    if (source === null) return null;
    sources.push(source);
  }
  return parameters && { perm, sources, parameters };
}

function transposeOf(graph: Graph, uses: RuleContext["uses"], { id, reader }: { readonly id: ValueId; readonly reader: Node }): (Transposed & { readonly perm: readonly number[] }) | null {
  const producer = uses.producer(id);
  const input = producer?.inputs[0] ?? null;
  const rank = valueOf(graph, id).shape?.length;
  if (producer?.op !== "Transpose" || input === null || rank === undefined || uses.isOutput(id)) return null;
  const perm = permOf(producer, rank);
  return graph.inputs.includes(input) && !isUndone(uses, reader, perm) ? null : { id, input, perm };
}

/** Whether all that reads the node's result transposes it back. */
function isUndone(uses: RuleContext["uses"], { outputs: [output = ""] }: Node, perm: readonly number[]): boolean {
  const readers = uses.consumers(output);
  return readers.length > 0 && !uses.isOutput(output) && readers.every((reader) => reader.op === "Transpose" && permOf(reader, perm.length).every((axis, i) => perm[axis] === i));
}

/** A constant that can be transposed; null for a value that is computed, or has a scale along an axis. */
function invertible(value: Value, perm: readonly number[]): { readonly constant: Value } | null {
  return value.constant && value.shape !== null && value.shape.length <= perm.length && (value.quant?.axis ?? null) === null ? { constant: value } : null;
}

function sunk({ graph, node }: RuleContext, { perm, sources, parameters }: Below): Edit {
  const output = node.outputs[0] ?? "";
  const after = valueOf(graph, output);
  const turned = parameters.outputPerm ?? perm;
  const shape = after.shape && turned.map((_, axis) => after.shape?.[turned.indexOf(axis)] ?? 1);
  const between: Value = { ...after, id: freshId(graph, `${output}.untransposed`), shape };
  const values: Value[] = [...parameters.values];
  const data = sources.map((source): ValueId => {
    if ("input" in source) return source.input;
    const constant = inverted(graph, source.constant, perm);
    if (constant !== source.constant) values.push(constant);
    return constant.id;
  });
  const moved: Node = { ...node, inputs: [...data, ...parameters.inputs], outputs: [between.id], attrs: { ...node.attrs, ...parameters.attrs } };
  const back: Node = { op: "Transpose", inputs: [between.id], outputs: [output], attrs: { perm: turned }, origin: node.origin };
  return { replace: new Map([[node, [moved, back]]]), values: [...values, between] };
}

/** A constant as it must be before a transpose by `perm`; one of a single number stays. */
function inverted(graph: Graph, value: Value, perm: readonly number[]): Value {
  const own = value.shape ?? [];
  if (own.every((dim) => dim === 1)) return value;
  const padded = [...Array<number>(perm.length - own.length).fill(1), ...own.map(Number)];
  const tensor = { ...decodeConstant(value), shape: padded };
  const [turned] = transpose.evaluate([tensor], { perm: perm.map((_, axis) => perm.indexOf(axis)) }, 1);
  return { ...value, id: freshId(graph, `${value.id}.transposed`), shape: turned?.shape ?? padded, constant: { bytes: encodeTensor(turned ?? tensor) } };
}
