import { type DType, type Graph, type Quant, type Value, type ValueId, allocate, invariant, valueOf } from "@edgewise/graph";
import { encodeTensor } from "@edgewise/graph/ops";
import type { FileNode, FileTensor } from "./node.ts";

/** Names and parts of a file under construction. */
export interface Draft {
  readonly graph: Graph;
  /** The operator set that the file will have at least. */
  readonly opset: number;
  readonly nodes: FileNode[];
  readonly tensors: FileTensor[];
  /** Names of values; nodes have names of their own. */
  readonly taken: Set<string>;
  readonly nodeNames: Set<string>;
  /** Quantized value → the float value that its DequantizeLinear makes; one for all readers. */
  readonly dequantized: Map<ValueId, string>;
  /** Quantized value → names of its scale and zero point; one for all its Q and DQ nodes. */
  readonly parameters: Map<ValueId, readonly string[]>;
  /** Types of values that the graph does not have. */
  readonly dtypes: Map<string, DType>;
}

export function newDraft(graph: Graph, opset: number): Draft {
  return { graph, opset, nodes: [], tensors: [], taken: new Set(graph.values.keys()), nodeNames: new Set(), dequantized: new Map(), parameters: new Map(), dtypes: new Map() };
}

/** A name for a value that the file has and the graph has not. */
export function freshValue(draft: Draft, hint: string, dtype: DType): string {
  const id = unused(draft.taken, hint);
  draft.dtypes.set(id, dtype);
  return id;
}

function unused(taken: Set<string>, hint: string): string {
  let id = hint;
  for (let number = 2; taken.has(id); number++) id = `${hint}_${number}`;
  taken.add(id);
  return id;
}

/** Type of a value of the graph or of the file. */
export function dtypeOf(draft: Draft, id: string): DType {
  return draft.dtypes.get(id) ?? valueOf(draft.graph, id).dtype;
}

/** Appends a node, with a name that no other node has and the types of its values. */
export function addNode(draft: Draft, node: Omit<FileNode, "dtypes">): void {
  const dtypes = [...node.inputs, ...node.outputs].filter((id) => id !== "").map((id) => dtypeOf(draft, id));
  draft.nodes.push({ ...node, name: unused(draft.nodeNames, node.name), dtypes });
}

export function addNumbers(draft: Draft, hint: string, about: { readonly dtype: DType; readonly shape: readonly number[]; readonly numbers: readonly number[] }): string {
  const { dtype, shape, numbers } = about;
  const name = freshValue(draft, hint, dtype);
  const data = allocate(dtype, numbers.length);
  numbers.forEach((number, index) => { data[index] = number; });
  draft.tensors.push({ name, dtype, shape, bytes: encodeTensor({ dtype, shape, data }) });
  return name;
}

/** Scale and zero point of a fact as constants; int32 (biases) takes no zero point, which means 0. */
function parametersOf(draft: Draft, value: Value, quant: Quant): readonly string[] {
  const known = draft.parameters.get(value.id);
  if (known !== undefined) return known;
  const shape = quant.axis === null ? [] : [quant.scale.length];
  const names = [addNumbers(draft, `${value.id}_scale`, { dtype: "float32", shape, numbers: quant.scale })];
  if (value.dtype === "int32") invariant(quant.zeroPoint.every((zero) => zero === 0), `${value.id}: an int32 value has zero point 0`);
  else names.push(addNumbers(draft, `${value.id}_zero_point`, { dtype: value.dtype, shape, numbers: quant.zeroPoint }));
  draft.parameters.set(value.id, names);
  return names;
}

function axisOf(quant: Quant): FileNode["attrs"] {
  return quant.axis === null ? {} : { axis: quant.axis };
}

/** The float value that stands for a quantized one: a DequantizeLinear made at its first reader, shared by all. */
export function dequantize(draft: Draft, id: ValueId): string {
  if (valueOf(draft.graph, id).quant === null) return id;
  const known = draft.dequantized.get(id);
  if (known !== undefined) return known;
  const output = freshValue(draft, `${id}_dequantized`, "float32");
  dequantizeTo(draft, id, output);
  draft.dequantized.set(id, output);
  return output;
}

/** A DequantizeLinear of its own, from the quantized value `id` to the float value `output`. */
export function dequantizeTo(draft: Draft, id: ValueId, output: string): void {
  const value = valueOf(draft.graph, id);
  invariant(value.quant !== null, `${id} is quantized`);
  addNode(draft, { opType: "DequantizeLinear", name: `${output}_dequantize`, inputs: [id, ...parametersOf(draft, value, value.quant)], outputs: [output], attrs: axisOf(value.quant) });
}

/** Float → the quantized value `id`, saturating at the ends of its type. */
export function quantize(draft: Draft, from: string, id: ValueId): void {
  const value = valueOf(draft.graph, id);
  invariant(value.quant !== null, `${id} is quantized`);
  addNode(draft, { opType: "QuantizeLinear", name: `${id}_quantize`, inputs: [from, ...parametersOf(draft, value, value.quant)], outputs: [id], attrs: axisOf(value.quant) });
}

/** The reals that a fact's int8 range can express; null for per-axis facts and other types. */
export function representable({ dtype, quant }: Value): { readonly low: number; readonly high: number } | null {
  const [scale, zero] = [quant?.scale[0], quant?.zeroPoint[0]];
  if (dtype !== "int8" || quant?.axis !== null || scale === undefined || zero === undefined) return null;
  return { low: scale * (-128 - zero), high: scale * (127 - zero) };
}

export function constantTensor(value: Value): FileTensor {
  invariant(value.constant !== null && value.shape !== null, `${value.id} is a constant`);
  const shape = value.shape.map((dim) => {
    invariant(typeof dim === "number", `the constant ${value.id} has numeric dims`);
    return dim;
  });
  return { name: value.id, dtype: value.dtype, shape, bytes: value.constant.bytes };
}
