import { readOnnx } from "@edgewise/formats/onnx";
import { type Graph, type Result, dataInputs, ok } from "@edgewise/graph";

/** What the bytes of a model file say of themselves: the promises of a bundle, and what `check` compares them with. */
export interface ModelSummary {
  /** "3 Add, 5 Conv": by name. */
  readonly ops: string;
  /** Elements of multiplied weights by stored type: "float32:120 int8:4096". */
  readonly weights: string;
  /** Types that activations are quantized to: "int8", "int8 uint8" or "none". */
  readonly activations: string;
  readonly inputs: string;
  readonly outputs: string;
  readonly modelBytes: number;
}

const multiplying: readonly string[] = ["Conv", "ConvTranspose", "Gemm", "MatMul"];

/** Reads model.onnx back, knowing nothing of how it was written. */
export function summarizeModel(bytes: Uint8Array, file: string): Result<ModelSummary & { readonly graph: Graph }> {
  const read = readOnnx(bytes, { file });
  if (!read.ok) return read;
  const graph = read.value;
  const port = (ids: readonly string[]): string => ids.map((id) => `${id} ${graph.values.get(id)?.dtype}[${(graph.values.get(id)?.shape ?? []).join(",")}]`).join(", ");
  return ok({
    graph,
    ops: counted(graph.nodes.map(({ op }) => op)).map(([op, n]) => `${n} ${op}`).join(", "),
    weights: weightTypes(graph), activations: activationTypes(graph),
    inputs: port(graph.inputs), outputs: port(graph.outputs), modelBytes: bytes.length,
  });
}

function counted(names: readonly string[], amount: (index: number) => number = () => 1): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  names.forEach((name, index) => counts.set(name, (counts.get(name) ?? 0) + amount(index)));
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Stored types of the constants that layers multiply by: as they are, or behind one DequantizeLinear. */
function weightTypes(graph: Graph): string {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((id) => [id, node] as const)));
  const ids = new Set(graph.nodes.filter(({ op }) => multiplying.includes(op)).map((node) => dataInputs(node)[1] ?? ""));
  const weights = [...ids].filter((id) => isWeight(graph, id)).flatMap((id) => {
    const producer = producers.get(id);
    const value = graph.values.get(producer?.op === "DequantizeLinear" ? producer.inputs[0] ?? "" : id);
    return value?.constant ? [{ dtype: value.dtype, elements: (value.shape ?? []).reduce<number>((n, dim) => n * Number(dim), 1) }] : [];
  });
  return counted(weights.map(({ dtype }) => dtype), (index) => weights[index]?.elements ?? 0).map(([dtype, n]) => `${dtype}:${n}`).join(" ") || "none";
}

/** A matrix or kernel that is only multiplied by: what another kind of layer reads too stays as that layer needs it. */
function isWeight(graph: Graph, id: string): boolean {
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(id));
  return readers.every((node) => multiplying.includes(node.op) && dataInputs(node)[1] === id) && graph.values.get(id)?.shape?.length !== 1;
}

function activationTypes(graph: Graph): string {
  const types = graph.nodes.filter(({ op }) => op === "QuantizeLinear").map((node) => graph.values.get(node.inputs[2] ?? "")?.dtype ?? "uint8");
  return counted(types).map(([dtype]) => dtype).join(" ") || "none";
}
