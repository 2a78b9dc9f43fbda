import { type Graph, type Node, type OpName, valueOf } from "@edgewise/graph";
import { decodeConstant, resizeAxesOf, resizeForm, resizeInt8Problem } from "@edgewise/graph/ops";

/**
 * How an op takes part in int8 arithmetic.
 *
 *   weighted  constant weights get one scale a channel; an int32 bias; free output
 *   free      every operand and result has its own scale
 *   same      operands and results share one scale and zero point (stored numbers are moved or compared)
 *   fixed     the result's scale and zero point are the op's own
 *   none      no int8 form
 */
export type Int8Rule =
  | { readonly kind: "weighted" } | { readonly kind: "free" } | { readonly kind: "same" } | { readonly kind: "none" }
  | { readonly kind: "fixed"; readonly scale: number; readonly zeroPoint: number };

const weighted: Int8Rule = { kind: "weighted" };
const free: Int8Rule = { kind: "free" };
const same: Int8Rule = { kind: "same" };
const none: Int8Rule = { kind: "none" };

export const int8Rules: Readonly<Record<OpName, Int8Rule>> = {
  Conv: weighted, ConvTranspose: weighted, Gemm: weighted, MatMul: weighted,
  Add: free, Sub: free, Mul: free, PRelu: free,
  Relu: free, Clip: free, LeakyRelu: free, Elu: free, HardSwish: free, GlobalAveragePool: free, ReduceMean: free,
  MaxPool: same, AveragePool: same, GlobalMaxPool: same, Resize: same,
  Reshape: same, Flatten: same, Transpose: same, Squeeze: same, Unsqueeze: same, Identity: same,
  Concat: same, Split: same, Slice: same, Pad: same, Gather: same, Min: same, Max: same,
  Sigmoid: { kind: "fixed", scale: 1 / 256, zeroPoint: -128 },
  Softmax: { kind: "fixed", scale: 1 / 256, zeroPoint: -128 },
  Tanh: { kind: "fixed", scale: 1 / 128, zeroPoint: 0 },
  BatchNormalization: none, Div: none, HardSigmoid: none, LogSoftmax: none,
  Shape: none, Cast: none, QuantizeLinear: none, DequantizeLinear: none, Quantize: none, Dequantize: none,
};

/** Why a node has no int8 form although its op may have one; null when it has. */
export function int8Obstacle(graph: Graph, node: Node): string | null {
  if (int8Rules[node.op].kind === "none") return `${node.op} has no int8 form`;
  const constant = (position: number): boolean => {
    const id = node.inputs[position] ?? null;
    return id === null || valueOf(graph, id).constant !== null;
  };
  const rank = (position: number): number => valueOf(graph, node.inputs[position] ?? "").shape?.length ?? 0;
  switch (node.op) {
    case "Conv":
      if (!constant(1) || !constant(2)) return "its weights or bias are computed, not constant";
      return rank(0) > 4 ? "it has three spatial axes" : null;
    case "ConvTranspose":
      if (!constant(1) || !constant(2)) return "its weights or bias are computed, not constant";
      if ((node.attrs["group"] ?? 1) !== 1) return "it has groups";
      return rank(0) > 4 ? "it has three spatial axes" : null;
    case "Gemm":
      if (!constant(1) || !constant(2)) return "its weights or bias are computed, not constant";
      if (node.attrs["transA"] === 1) return "transA is set";
      return (node.attrs["alpha"] ?? 1) === 1 && (node.attrs["beta"] ?? 1) === 1 ? null : "alpha or beta is not 1";
    case "AveragePool":
      return node.attrs["count_include_pad"] === 1 && padded(node) ? "it counts padding (count_include_pad)" : null;
    case "Resize":
      return constant(2) && constant(3) ? resizeObstacle(graph, node) : "its scales or sizes are computed, not constant";
    case "MaxPool":
      return node.outputs.length > 1 ? "it gives indices" : null;
    default:
      return null;
  }
}

function resizeObstacle(graph: Graph, node: Node): string | null {
  const shape = (valueOf(graph, node.inputs[0] ?? "").shape ?? []).map(Number);
  const parameters = node.inputs.map((id, position) => (id === null || position < 2 ? null : decodeConstant(valueOf(graph, id))));
  return resizeInt8Problem(resizeAxesOf(shape, parameters, node.attrs), resizeForm(node.attrs))?.message ?? null;
}

function padded(node: Node): boolean {
  const pads = node.attrs["pads"];
  const auto = node.attrs["auto_pad"] ?? "NOTSET";
  return (auto !== "NOTSET" && auto !== "VALID") || (Array.isArray(pads) && pads.some((pad) => pad !== 0));
}
