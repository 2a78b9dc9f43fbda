import { type Graph, type Tensor, type ValueId, elementCount, interpret, propagateShapes, valueOf } from "@edgewise/graph";
import { turnBytes } from "../../layout.ts";
import { readTflite } from "../../read.ts";
import { type WriteTfliteOptions, type WrittenTflite, writeTflite } from "../../write.ts";
import type { ProgramPort } from "../lower.ts";

/** The graph with its shapes. */
export function shaped(graph: Graph): Graph {
  const result = propagateShapes(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

export function written(graph: Graph, options: WriteTfliteOptions = {}): WrittenTflite {
  const result = writeTflite(graph, options);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

export function reread(bytes: Uint8Array): Graph {
  const result = readTflite(bytes, { file: "again.tflite" });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** Numbers from −2 to 2, or stored ones from −127 to 127; the same on every run. */
export function feedsOf(graph: Graph): ReadonlyMap<ValueId, Tensor> {
  return new Map(graph.inputs.map((id): [ValueId, Tensor] => {
    const { dtype, shape } = valueOf(graph, id);
    const dims = (shape ?? []).map(Number);
    const wave = Array.from({ length: elementCount(dims) }, (_, i) => Math.sin(i * 1.7));
    return [id, { dtype, shape: dims, data: dtype === "int8" ? Int8Array.from(wave, (x) => Math.round(127 * x)) : Float32Array.from(wave, (x) => 2 * x) }];
  }));
}

/** A tensor as it crosses the border of the file. */
function atPort(tensor: Tensor, port: ProgramPort | undefined): Tensor {
  if (port?.layout !== "nhwc") return tensor;
  const bytes = new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  const turned = new Uint8Array(bytes.length);
  turnBytes(bytes, turned, { shape: tensor.shape, perm: [0, 2, 3, 1], elementBytes: tensor.data.BYTES_PER_ELEMENT });
  return { ...tensor, shape: port.shape, data: tensor.data instanceof Int8Array ? new Int8Array(turned.buffer) : new Float32Array(turned.buffer) };
}

/** What the file answers and what the graph does, in the file's layout: outputs one after another. */
export function bothAnswers(graph: Graph, file: WrittenTflite): { readonly found: readonly Tensor[]; readonly wanted: readonly Tensor[] } {
  const feeds = feedsOf(graph);
  const wanted = [...interpret(graph, feeds)].map(([, tensor], i) => atPort(tensor, file.outputs[i]));
  const again = reread(file.bytes);
  const turned = graph.inputs.flatMap((id, i): [ValueId, Tensor][] => {
    const feed = feeds.get(id);
    return feed ? [[again.inputs[i] ?? "", atPort(feed, file.inputs[i])]] : [];
  });
  return { found: [...interpret(again, new Map(turned)).values()], wanted };
}

/** float32 sums in another order; integers are equal. */
const [ABSOLUTE, RELATIVE] = [1e-5, 1e-4];

/** The largest difference beyond the tolerance; 0 when the answers agree. */
export function disagreement({ found, wanted }: ReturnType<typeof bothAnswers>): number {
  if (found.map(({ dtype, shape }) => `${dtype} ${shape.join()}`).join() !== wanted.map(({ dtype, shape }) => `${dtype} ${shape.join()}`).join()) return Infinity;
  const numbers = (tensor: Tensor | undefined): readonly number[] => Array.from<bigint | number, number>(tensor?.data ?? [], Number);
  const answers = found.map(numbers);
  const excess = wanted.flatMap((tensor, i) => numbers(tensor).map((a, at) => {
    const b = answers[i]?.[at] ?? NaN;
    if (Object.is(a, b) || a === b) return 0;
    const allowed = tensor.dtype === "float32" ? ABSOLUTE + RELATIVE * Math.abs(a) : 0;
    const difference = Math.abs(a - b);
    return difference <= allowed ? 0 : Number.isNaN(difference) ? Infinity : difference;
  }));
  return Math.max(0, ...excess);
}
