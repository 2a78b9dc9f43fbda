import { type Attrs, type DType, type Dim, type Graph, type Node, type Quant, type Tensor, type Value, printGraph } from "@edgewise/graph";
import { encodeTensor } from "@edgewise/graph/ops";
import { encodeModel } from "../write/encode.ts";
import type { FileTensor } from "../write/node.ts";

export interface FileParts {
  readonly opset: number;
  readonly nodes: readonly { readonly op: string; readonly inputs: readonly string[]; readonly outputs: readonly string[]; readonly attrs?: Attrs; readonly name?: string }[];
  /** Name → type and dims. */
  readonly inputs: Readonly<Record<string, readonly [DType, readonly Dim[] | null]>>;
  readonly outputs: Readonly<Record<string, readonly [DType, readonly Dim[] | null]>>;
  readonly tensors?: readonly FileTensor[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An ONNX file of any operator set, in the forms that set had. */
export function modelFile(parts: FileParts): Uint8Array {
  const ports = (record: FileParts["inputs"]): { name: string; dtype: DType; shape: readonly Dim[] | null }[] =>
    Object.entries(record).map(([name, [dtype, shape]]) => ({ name, dtype, shape }));
  return encodeModel({
    name: "made", tensors: parts.tensors ?? [], inputs: ports(parts.inputs), outputs: ports(parts.outputs),
    nodes: parts.nodes.map(({ op, inputs, outputs, attrs = {}, name = "" }) => ({ opType: op, name, inputs, outputs, attrs, dtypes: [] })),
  }, { opset: parts.opset, irVersion: 3, producer: "test", metadata: parts.metadata ?? {}, external: null });
}

export function tensor(name: string, shape: readonly number[], numbers: readonly number[]): FileTensor {
  return { name, dtype: "float32", shape, bytes: encodeTensor({ dtype: "float32", shape, data: Float32Array.from(numbers) }) };
}

export function indices(name: string, numbers: readonly number[]): FileTensor {
  return { name, dtype: "int64", shape: [numbers.length], bytes: encodeTensor({ dtype: "int64", shape: [numbers.length], data: BigInt64Array.from(numbers, BigInt) }) };
}

/** The elements as numbers; none for a tensor that is not there. */
export function numbersOf(value: Tensor | undefined): readonly number[] {
  return Array.from(value?.data ?? [], Number);
}

/** One scale along an axis of one is one scale for the tensor. */
function wholeTensor(quant: Quant): Quant {
  return quant.scale.length === 1 ? { ...quant, axis: null } : quant;
}

/**
 * What a graph says, whatever its values and nodes are called: inner values by order of appearance, origins left out,
 * attributes sorted.
 */
export function meaning(graph: Graph): string {
  const names = new Map<string, string>([...graph.inputs, ...graph.outputs].map((id) => [id, id]));
  const rename = (id: string): string => {
    const known = names.get(id) ?? `inner${names.size}`;
    names.set(id, known);
    return known;
  };
  const nodes = graph.nodes.map((node): Node => {
    const inputs = node.inputs.map((id) => id === null ? null : rename(id));
    const outputs = node.outputs.map(rename);
    const attrs = Object.fromEntries(Object.entries(node.attrs).sort(([a], [b]) => a < b ? -1 : 1));
    return { op: node.op, inputs, outputs, attrs, origin: { file: "", node: outputs[0] ?? "" } };
  });
  const values = new Map<string, Value>();
  for (const [old, id] of names) {
    const value = graph.values.get(old);
    if (value !== undefined) values.set(id, { ...value, id, quant: value.quant && wholeTensor(value.quant) });
  }
  return printGraph({ ...graph, nodes, values });
}
