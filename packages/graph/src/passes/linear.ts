import type { Attrs, Graph, Node } from "../graph.ts";
import { type RealConstant, realConstant } from "./real-constant.ts";

/**
 * A Conv, ConvTranspose or Gemm seen as y[m] = Σ weight[m, …] · x + bias[m], with constant float weights.
 *
 * `rowOf(i)` is the output channel m of element i of the weights, `columnOf(i)` the input channel it multiplies.
 */
export interface Linear {
  readonly weight: RealConstant;
  readonly outputs: number;
  readonly inputs: number;
  /** One per output channel, scaled by Gemm's beta; zeros when left out. */
  readonly bias: Float64Array;
  rowOf(element: number): number;
  columnOf(element: number): number;
  /** The node with other weights and bias; Gemm's beta is worked into the bias. */
  readonly attrs: Attrs;
  /** What the weights are multiplied by when run: Gemm's alpha. */
  readonly alpha: number;
}

/** Null when the node is no Conv, ConvTranspose or Gemm, when its weights are not float constants, or its bias is not one per channel. */
export function asLinear(graph: Graph, node: Node): Linear | null {
  if (node.op !== "Conv" && node.op !== "ConvTranspose" && node.op !== "Gemm") return null;
  const weight = realConstant(graph, node.inputs[1]);
  if (weight === null || weight.shape.includes(0)) return null;
  switch (node.op) {
    case "Conv": return convAsLinear(graph, node, weight);
    case "ConvTranspose": return transposedAsLinear(graph, node, weight);
    case "Gemm": return gemmAsLinear(graph, node, weight);
    default: return node.op satisfies never;
  }
}

/** Weights [M, C / group, k…]. */
function convAsLinear(graph: Graph, node: Node, weight: RealConstant): Linear | null {
  const [outputs = 0, perGroup = 0, ...kernel] = weight.shape;
  const group = Number(node.attrs["group"] ?? 1);
  const window = kernel.reduce((product, k) => product * k, 1);
  const bias = biasOf(graph, node, outputs);
  if (bias === null) return null;
  const rowOf = (i: number): number => Math.floor(i / (perGroup * window));
  return {
    weight, outputs, inputs: perGroup * group, bias, rowOf, alpha: 1, attrs: node.attrs,
    columnOf: (i) => Math.floor(rowOf(i) / (outputs / group)) * perGroup + (Math.floor(i / window) % perGroup),
  };
}

/** Weights [C, M / group, k…]. */
function transposedAsLinear(graph: Graph, node: Node, weight: RealConstant): Linear | null {
  const [inputs = 0, perGroup = 0, ...kernel] = weight.shape;
  const group = Number(node.attrs["group"] ?? 1);
  const window = kernel.reduce((product, k) => product * k, 1);
  const outputs = perGroup * group;
  const bias = biasOf(graph, node, outputs);
  if (bias === null) return null;
  const columnOf = (i: number): number => Math.floor(i / (perGroup * window));
  return {
    weight, outputs, inputs, bias, columnOf, alpha: 1, attrs: node.attrs,
    rowOf: (i) => Math.floor(columnOf(i) / (inputs / group)) * perGroup + (Math.floor(i / window) % perGroup),
  };
}

/** Weights [K, N], or [N, K] with transB. */
function gemmAsLinear(graph: Graph, node: Node, weight: RealConstant): Linear | null {
  const transposed = Number(node.attrs["transB"] ?? 0) !== 0;
  const [rows = 0, columns = 0] = weight.shape;
  const outputs = transposed ? rows : columns;
  const bias = biasOf(graph, node, outputs);
  if (bias === null || Number(node.attrs["transA"] ?? 0) !== 0) return null;
  const beta = Number(node.attrs["beta"] ?? 1);
  const { beta: _beta, ...attrs } = node.attrs;
  const major = (i: number): number => Math.floor(i / columns);
  const minor = (i: number): number => i % columns;
  return {
    weight, outputs, inputs: transposed ? columns : rows, attrs,
    bias: bias.map((b) => b * beta), alpha: Number(node.attrs["alpha"] ?? 1),
    rowOf: transposed ? major : minor, columnOf: transposed ? minor : major,
  };
}

function biasOf(graph: Graph, node: Node, outputs: number): Float64Array | null {
  if ((node.inputs[2] ?? null) === null) return new Float64Array(outputs);
  const bias = realConstant(graph, node.inputs[2]);
  if (bias === null || bias.shape.slice(0, -1).some((dim) => dim !== 1)) return null;
  if (bias.data.length === outputs) return bias.data;
  return bias.data.length === 1 ? new Float64Array(outputs).fill(bias.data[0] ?? 0) : null;
}
