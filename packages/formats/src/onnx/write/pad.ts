import { type Graph, type Node, valueOf } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import { type Draft, addNumbers, dtypeOf } from "./qdq.ts";

/**
 * Inputs of a Pad, with its zero written as −0 where a MaxPool reads the result.
 *
 * onnxruntime (1.30, level "all") folds a Pad of 0 into the MaxPool's own padding, which is −∞: negative maxima at the
 * border come out wrong, and a pad as wide as the kernel is refused. It does not take −0 for 0.
 * Seen with Pad [0, 1] then MaxPool [1, 2] on negative numbers; the fold: github.com/microsoft/onnxruntime/pull/18136
 */
export function padInputs(draft: Draft, node: Node, inputs: readonly string[]): readonly string[] {
  const value = node.inputs[2] ?? null;
  const mode = node.attrs["mode"] ?? "constant";
  if (mode !== "constant" || !feedsMaxPool(draft.graph, node) || !isZero(draft.graph, value)) return inputs;
  const dtype = dtypeOf(draft, inputs[0] ?? "");
  if (dtype !== "float32" && dtype !== "float16" && dtype !== "float64") return inputs;
  const [data = "", pads = "", , ...axes] = inputs;
  return [data, pads, addNumbers(draft, `${node.outputs[0]}_zero`, { dtype, shape: [], numbers: [-0] }), ...axes];
}

function feedsMaxPool(graph: Graph, node: Node): boolean {
  return graph.nodes.some(({ op, inputs }) => op === "MaxPool" && inputs[0] === node.outputs[0]);
}

/** A left-out value is 0. */
function isZero(graph: Graph, id: string | null): boolean {
  if (id === null) return true;
  const value = valueOf(graph, id);
  return value.constant !== null && Array.from(decodeConstant(value).data, Number).every((number) => number === 0);
}
