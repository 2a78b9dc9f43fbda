import type { Graph, Node, OpName, Quant } from "@edgewise/graph";
import { activationQuant, symmetricQuant } from "./affine.ts";
import { type Int8Rule, int8Obstacle, int8Rules } from "./int8-rules.ts";
import type { Range } from "./ranges.ts";

/** How activations are stored, and what follows for biases and for the ops that have a form of it. */
export interface Scheme {
  readonly activation: "int8" | "int16";
  readonly bias: "int32" | "int64";
  /** Largest bias in steps of its scale: sums of products have the rest. */
  readonly biasLimit: number;
  readonly rules: Readonly<Record<OpName, Int8Rule>>;
  /** Why a node has no such form although its op has; null when it has. */
  obstacle(graph: Graph, node: Node): string | null;
  quantOf(range: Range): Quant;
}

export const int8Scheme: Scheme = { activation: "int8", bias: "int32", biasLimit: 2 ** 30, rules: int8Rules, obstacle: int8Obstacle, quantOf: activationQuant };

/** Results of curves between −1 and 1. Source: TensorFlow Lite's 16x8 kernels of LOGISTIC, TANH and SOFTMAX. */
const unit: Int8Rule = { kind: "fixed", scale: 2 ** -15, zeroPoint: 0 };
const none: Int8Rule = { kind: "none" };

/**
 * int16 activations of zero point 0 over int8 weights.
 *
 * Biases have 64 bits, of which kernels' factors take sums below 2^47. Source: TFLite kernels/internal/common.cc
 * (MultiplyByQuantizedMultiplier of int64), and LiteRT's kernels, of which ELU, HARD_SWISH and PRELU take no int16 numbers.
 */
export const int16Scheme: Scheme = {
  activation: "int16", bias: "int64", biasLimit: 2 ** 46,
  rules: { ...int8Rules, Sigmoid: unit, Softmax: unit, Tanh: unit, Elu: none, HardSwish: none, PRelu: none },
  obstacle(graph, node) {
    const weights = node.op === "MatMul" ? graph.values.get(node.inputs[1] ?? "") : undefined;
    if (weights?.constant && (weights.shape?.length ?? 0) > 2) return "its weights have more than two axes";
    return int8Obstacle(graph, node);
  },
  quantOf: (range) => symmetricQuant(range, 32767),
};
