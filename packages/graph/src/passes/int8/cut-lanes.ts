import { type Graph, type Node, type Value, type ValueId, valueOf } from "../../graph.ts";
import type { Quant } from "../../quant.ts";
import { type TensorData, allocate, elementCount } from "../../tensor.ts";
import { decodeConstant, encodeTensor } from "../../tensor-codec.ts";
import { type Uses, indexUses } from "../../uses.ts";
import { makeIndexConstant } from "../real-constant.ts";
import { applyEdit, freshId } from "../rewrite.ts";
import { takesIn } from "./lane-classes.ts";
import type { NodeLanes } from "./lane-rule.ts";
import type { LaneFacts } from "./read-lanes.ts";

export interface Removal {
  readonly facts: LaneFacts;
  /** 1 for each lane that stays, by value. */
  readonly live: ReadonlyMap<ValueId, Uint8Array>;
  /** New biases of the sums that take in lanes. */
  readonly biases: ReadonlyMap<Node, Float64Array>;
}

/** The graph with the lanes that stay: smaller values, weights, biases, constant operands and target shapes. */
export function withoutLanes(graph: Graph, removal: Removal): Graph {
  const uses = indexUses(graph);
  const values = new Map<ValueId, Value>();
  const replace = new Map<Node, readonly Node[]>();
  for (const [id, { axis }] of removal.facts.lanes) {
    const value = valueOf(graph, id);
    const kept = keptLanes(removal, id);
    if (kept.length !== value.shape?.[axis]) values.set(id, { ...value, shape: value.shape?.map((dim, i) => (i === axis ? kept.length : dim)) ?? null });
  }
  for (const node of graph.nodes) {
    const rule = removal.facts.nodes.get(node);
    if (rule === undefined) continue;
    const cut = cutNode({ graph, uses, removal, values }, node, rule);
    if (cut !== node) replace.set(node, [cut]);
  }
  return applyEdit(graph, { replace, values: [...values.values()] });
}

interface Cutting {
  readonly graph: Graph;
  readonly uses: Uses;
  readonly removal: Removal;
  /** Changed values, filled on the way. */
  readonly values: Map<ValueId, Value>;
}

function keptLanes({ live }: Removal, id: ValueId): Int32Array {
  return Int32Array.from([...(live.get(id) ?? [])].flatMap((left, lane) => (left === 1 ? [lane] : [])));
}

function cutNode(cutting: Cutting, node: Node, rule: NodeLanes): Node {
  if (rule.linear) return cutLinear(cutting, node, rule);
  const output = node.outputs[0] ?? "";
  const after = cutting.values.get(output);
  if (after === undefined) return node;
  const inputs = [...node.inputs];
  const kept = keptLanes(cutting.removal, output);
  for (const { position, axis } of rule.cuts) inputs[position] = store(cutting, node, sliced(valueOf(cutting.graph, inputs[position] ?? ""), axis, kept));
  if (node.op === "Reshape") {
    const shapeId = inputs[1] ?? "";
    inputs[1] = store(cutting, node, makeIndexConstant(shapeId, (after.shape ?? []).map(Number)));
  }
  return { ...node, inputs };
}

/** Filters of lanes that stay, over lanes that stay. */
function cutLinear(cutting: Cutting, node: Node, rule: NodeLanes): Node {
  const { graph, removal } = cutting;
  const { linear } = rule;
  const [x = null, w = null, b = null] = node.inputs;
  if (linear === null || x === null || w === null) return node;
  const rows = keptLanes(removal, linear.output);
  const columns = keptLanes(removal, linear.input);
  const bias = removal.biases.get(node) ?? Float64Array.from(linear.bias);
  const rebiased = bias.some((sum, m) => sum !== linear.bias[m]);
  const fewer = rows.length < linear.outputs;
  if (!fewer && columns.length === linear.inputs) return node;
  const byRow = fewer ? sliced(valueOf(graph, w), linear.outputAxis, rows) : valueOf(graph, w);
  const weights = takesIn(rule) && columns.length < linear.inputs ? sliced(byRow, linear.inputAxis, columns) : byRow;
  const inputs = [x, store(cutting, node, weights), b];
  if (fewer || rebiased) {
    const numbers = Int32Array.from(rows, (m) => bias[m] ?? 0);
    if (b !== null || numbers.some((sum) => sum !== 0)) inputs[2] = store(cutting, node, biasValue(cutting, { node, b, weights, numbers, rows }));
  }
  const attrs = takesIn(rule) ? node.attrs : { ...node.attrs, group: columns.length };
  return { ...node, inputs: inputs[2] === null && node.inputs.length < 3 ? inputs.slice(0, 2) : inputs, attrs };
}

interface NewBias {
  readonly node: Node;
  readonly b: ValueId | null;
  readonly weights: Value;
  readonly numbers: Int32Array;
  readonly rows: Int32Array;
}

function biasValue({ graph }: Cutting, { node, b, weights, numbers, rows }: NewBias): Value {
  const constant = { bytes: encodeTensor({ dtype: "int32", shape: [numbers.length], data: numbers }) };
  const shape = [numbers.length];
  if (b !== null) {
    const { id, quant } = valueOf(graph, b);
    return { id, dtype: "int32", shape, quant: quant && (quant.scale.length === 1 ? { ...quant, axis: null } : cutQuant(quant, 0, rows)), constant };
  }
  const input = valueOf(graph, node.inputs[0] ?? "").quant?.scale[0] ?? 1;
  const scale = (weights.quant?.scale ?? [1]).map((one) => Math.fround(one * input));
  const quant: Quant = { kind: "affine", scale, zeroPoint: scale.map(() => 0), axis: weights.quant?.axis == null ? null : 0 };
  return { id: freshId(graph, `${node.outputs[0] ?? ""}.bias`), dtype: "int32", shape, quant, constant };
}

/** Keeps the id of a constant that only this node reads; else the changed one gets its own. */
function store({ graph, uses, values }: Cutting, node: Node, value: Value): ValueId {
  const before = graph.values.get(value.id);
  if (before === value) return value.id;
  const own = before === undefined || (uses.consumers(value.id).every((reader) => reader === node) && !uses.isOutput(value.id));
  let id = value.id;
  for (let n = 1; !own && (graph.values.has(id) || values.has(id)); n++) id = `${value.id}.cut${n}`;
  values.set(id, { ...value, id });
  return id;
}

/** A constant with the listed indices of one axis, and its facts. */
function sliced(value: Value, axis: number, kept: Int32Array): Value {
  const { dtype, shape, data } = decodeConstant(value);
  const inner = elementCount(shape.slice(axis + 1));
  const dim = shape[axis] ?? 1;
  const cut = shape.map((size, i) => (i === axis ? kept.length : size));
  const into: TensorData = allocate(dtype, elementCount(cut));
  let at = 0;
  for (let outer = 0; outer < elementCount(shape.slice(0, axis)); outer++) {
    for (const index of kept) {
      const from = (outer * dim + index) * inner;
      into.set(data.subarray(from, from + inner) as never, at); // one array type: both hold this dtype
      at += inner;
    }
  }
  return { ...value, shape: cut, quant: value.quant && cutQuant(value.quant, axis, kept), constant: { bytes: encodeTensor({ dtype, shape: cut, data: into }) } };
}

function cutQuant(quant: Quant, axis: number, kept: Int32Array): Quant {
  if (quant.axis !== axis || quant.scale.length === 1) return quant;
  return { ...quant, scale: Array.from(kept, (i) => quant.scale[i] ?? 1), zeroPoint: Array.from(kept, (i) => quant.zeroPoint[i] ?? 0) };
}
