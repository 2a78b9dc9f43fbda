import { type Node, type ValueId, elementCount } from "@edgewise/graph";
import { productNumbers } from "@edgewise/graph/ops";
import { type Layout, isRowMajor, storedToLogical } from "../layout.ts";
import { type Builder, type Refusal, rowMajorOf } from "./builder.ts";
import { int8Constant } from "./constant.ts";
import { clampParameters, foldZeroPoint, overflowRule, scaleTables, scaledZeroPoints, scaledZeroPointsRule } from "./linear.ts";

/** Rows times a constant matrix. */
interface Product {
  readonly node: Node;
  readonly x: ValueId;
  readonly w: ValueId;
  readonly bias: ValueId | null;
  readonly y: ValueId;
  /** True when the constant is [out, in], false when it is [in, out]. */
  readonly transposed: boolean;
}

/** y = x · w (+ bias), x [M, K], w [K, N], or [N, K] with transB. */
export function lowerGemm(node: Node, build: Builder): Refusal | null {
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = node.attrs;
  const [x, w, bias = null] = node.inputs;
  const y = node.outputs[0];
  if (!x || !w || !y) return { refused: "A Gemm has two factors and an output." };
  if (alpha !== 1 || (beta !== 1 && bias !== null) || transA !== 0) return { refused: "Gemm is supported with alpha 1, beta 1 and an untransposed input." };
  return lowerProduct({ node, x, w, bias, y, transposed: transB === 1 }, build);
}

/** y = x · w, x [..., K], w [K, N] constant. */
export function lowerMatMul(node: Node, build: Builder): Refusal | null {
  const [x, w] = node.inputs;
  const y = node.outputs[0];
  if (!x || !w || !y) return { refused: "A MatMul has two factors and an output." };
  if (build.shape(w).length !== 2) return { refused: "The second factor of a MatMul must be a matrix." };
  return lowerProduct({ node, x, w, bias: null, y, transposed: false }, build);
}

function lowerProduct(product: Product, build: Builder): Refusal | null {
  const { node, x, w, bias, y } = product;
  const constant = int8Constant(build.graph, w);
  if (constant === null) return { refused: "The second factor of a product must be an int8 constant." };
  const facts = { input: build.quant(x), weight: build.quant(w), output: build.quant(y) };
  if (scaledZeroPoints(facts.weight)) return { refused: scaledZeroPointsRule };
  const shape = build.shape(w);
  const [outputs, inputs] = product.transposed ? [shape[0] ?? 0, shape[1] ?? 0] : [shape[1] ?? 0, shape[0] ?? 0];
  const rows = elementCount(build.shape(x)) / inputs;
  const layout = rows === 1 ? build.layout(x) : rowMajorOf(build.shape(x));
  const weights = packRows({ constant, inputs, outputs, transposed: product.transposed, layout: rows === 1 ? layout : null });
  const { inputZero, weightZero, multipliers } = productNumbers(facts, outputs, node.attrs);
  const folded = foldZeroPoint({ graph: build.graph, bias, weights, channels: outputs, step: inputs, stride: 1, inputZero, weightZero });
  if (folded === null) return { refused: overflowRule };
  const shared = facts.weight.scale.length === 1;
  build.push({
    kernel: "dense",
    parameters: { rows, in_channels: inputs, out_channels: outputs, table_step: shared ? 0 : 1, weight_zero: weightZero, ...clampParameters(node, facts.output) },
    arrays: [
      { field: "weights", use: "weights", data: weights, comment: `[${outputs}][${inputs}]` },
      { field: "bias", use: "bias", data: folded, comment: `[${outputs}], input zero point folded in` },
      ...scaleTables(shared ? multipliers.slice(0, 1) : multipliers),
    ],
    inputs: [build.read(x, layout)],
    output: build.allocate(y, rowMajorOf(build.shape(y))),
    overlapBytes: [(rows - 1) * Math.min(inputs, outputs)],
    macs: rows * inputs * outputs,
  });
  return null;
}

interface Packing {
  readonly constant: Int8Array;
  readonly inputs: number;
  readonly outputs: number;
  readonly transposed: boolean;
  /** Order in which the single row lies in memory; null: as it is written. */
  readonly layout: Layout | null;
}

/** → [out][in], columns in the order in which the input lies in memory. */
function packRows({ constant, inputs, outputs, transposed, layout }: Packing): Int8Array {
  const order = layout === null || isRowMajor(layout) ? null : storedToLogical(layout);
  if (transposed && order === null) return constant;
  const packed = new Int8Array(constant.length);
  for (let o = 0; o < outputs; o++) {
    for (let k = 0; k < inputs; k++) {
      const column = order === null ? k : (order[k] ?? 0);
      packed[o * inputs + k] = constant[transposed ? o * inputs + column : column * outputs + o] ?? 0;
    }
  }
  return packed;
}
