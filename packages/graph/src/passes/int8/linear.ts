import { type Graph, type Node, type Value, type ValueId, valueOf } from "../../graph.ts";
import { type ConvNumbers, convNumbers } from "../../ops/conv.int8.ts";
import { productNumbers } from "../../ops/gemm.int8.ts";
import { windowOf } from "../../int8/window.ts";
import { biasData } from "../../int8/operands.ts";
import { arithmeticOf } from "../../quant-rule.ts";
import { decodeConstant } from "../../tensor-codec.ts";
import { weightProblem } from "../quantized-linear.ts";
import { borderClasses } from "./border-classes.ts";

/**
 * An int8 Conv or Gemm with constant weights, as sums over input channels and taps.
 *
 *   y[m] = clamp(yZero + scaleBy(bias[m] + Σ weights[m, d, t] · (x[channel(m, d), t] − xZero)))
 *
 * The sum takes the taps t of one border class: at the borders some lie in the padding, which adds nothing.
 */
export interface Int8Linear {
  readonly node: Node;
  readonly input: ValueId;
  readonly output: ValueId;
  /** Output channels m, input channels, and the groups that they fall into. */
  readonly outputs: number;
  readonly inputs: number;
  readonly groups: number;
  /** Input channels that each output channel sums over, and taps of each. */
  readonly depth: number;
  readonly taps: number;
  /** [outputs, depth, taps], the zero point taken off. */
  readonly weights: Int16Array;
  readonly bias: Int32Array;
  readonly numbers: ConvNumbers;
  /** For each way in which a window can lie, the taps that are inside the input. */
  readonly classes: readonly (readonly number[])[];
  /** Axes of the stored weights that run over output and input channels. */
  readonly outputAxis: 0 | 1;
  readonly inputAxis: 0 | 1;
  /** Output channels that must be left: a Gemm with one weight scale rounds its factor otherwise than one with several. */
  readonly leastOutputs: 1 | 2;
}

/** Null for other ops, for weights or a bias that are computed, and for forms that int8 arithmetic refuses. */
export function asInt8Linear(graph: Graph, node: Node): Int8Linear | null {
  if ((node.op !== "Conv" && node.op !== "Gemm") || arithmeticOf(graph, node) !== "int8") return null;
  const [x, w, b] = node.inputs.map((id) => (id === null ? null : valueOf(graph, id)));
  const output = valueOf(graph, node.outputs[0] ?? "");
  if (!x?.quant || !w?.quant || !w.constant || !output.quant || x.dtype !== "int8" || w.dtype !== "int8" || output.dtype !== "int8") return null;
  if (b && (!b.constant || b.dtype !== "int32" || b.shape?.length !== 1)) return null;
  if (x.shape === null || !x.shape.every((dim) => typeof dim === "number") || weightProblem(node, { ...w, quant: { ...w.quant, zeroPoint: [0] } }) !== null) return null;
  const facts = { input: x.quant, weight: w.quant, output: output.quant };
  return node.op === "Conv" ? convView({ node, x, w, b: b ?? null, facts }) : gemmView({ node, x, w, b: b ?? null, facts });
}

interface Parts {
  readonly node: Node;
  readonly x: Value;
  readonly w: Value;
  readonly b: Value | null;
  readonly facts: Parameters<typeof convNumbers>[0];
}

/** Weights [M, C / group, (kH,) kW]. */
function convView({ node, x, w, b, facts }: Parts): Int8Linear | null {
  const [outputs = 0, depth = 0, ...kernel] = (w.shape ?? []).map(Number);
  const [, inputs = 0, ...spatial] = (x.shape ?? []).map(Number);
  const groups = Number(node.attrs["group"] ?? 1);
  if (facts.weight.zeroPoint.some((zero) => zero !== 0) || spatial.length > 2 || spatial.length < 1 || depth * groups !== inputs) return null;
  const taps = kernel.reduce((product, size) => product * size, 1);
  return {
    node, input: x.id, output: node.outputs[0] ?? "", outputs, inputs, groups, depth, taps,
    weights: Int16Array.from(decodeConstant(w).data as Int8Array), // an int8 constant
    bias: biasOf(b, outputs),
    numbers: convNumbers(facts, outputs, node.attrs),
    classes: borderClasses(windowOf(spatial, kernel, node.attrs)),
    outputAxis: 0, inputAxis: 1, leastOutputs: 1,
  };
}

/** Weights [K, N], or [N, K] with transB. */
function gemmView({ node, x, w, b, facts }: Parts): Int8Linear | null {
  const transposed = Number(node.attrs["transB"] ?? 0) !== 0;
  const [rows = 0, columns = 0] = (w.shape ?? []).map(Number);
  const outputs = transposed ? rows : columns;
  const depth = transposed ? columns : rows;
  const { zeroPoint } = facts.weight;
  if (x.shape?.length !== 2 || (zeroPoint.length > 1 && zeroPoint.some((zero) => zero !== 0))) return null;
  const stored = decodeConstant(w).data as Int8Array; // an int8 constant
  const weights = new Int16Array(outputs * depth);
  for (let m = 0; m < outputs; m++) {
    for (let k = 0; k < depth; k++) weights[m * depth + k] = (stored[transposed ? m * depth + k : k * outputs + m] ?? 0) - (zeroPoint[0] ?? 0);
  }
  return {
    node, input: x.id, output: node.outputs[0] ?? "", outputs, inputs: depth, groups: 1, depth, taps: 1, weights,
    bias: biasOf(b, outputs),
    numbers: productNumbers(facts, outputs, node.attrs),
    classes: [[0]],
    outputAxis: transposed ? 0 : 1, inputAxis: transposed ? 1 : 0, leastOutputs: facts.weight.scale.length > 1 ? 2 : 1,
  };
}

function biasOf(bias: Value | null, outputs: number): Int32Array {
  const quant = bias?.quant ?? { kind: "affine", scale: [1], zeroPoint: [0], axis: null };
  return biasData(bias && { tensor: decodeConstant(bias), quant }, outputs);
}
