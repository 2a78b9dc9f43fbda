import type { Attrs } from "../graph.ts";
import type { Int16Evaluator } from "../int16/stored.ts";
import type { OpName, QTensor } from "../op.ts";
import { sigmoidInt16, tanhInt16 } from "./curve.int16.ts";
import { clippedInt16, extremumInt16, leakyReluInt16, mulInt16, requantizeInt16, sumInt16 } from "./elementwise.int16.ts";
import { movedInt16, padInt16 } from "./moves.int16.ts";
import { meanInt16, pooledInt16 } from "./pool.int16.ts";
import { ops } from "./registry.ts";
import { resizeInt16 } from "./resize.int8.ts";
import { softmaxInt16 } from "./softmax.int16.ts";
import { weightedInt16 } from "./weighted.int16.ts";

const moved = (op: OpName): Int16Evaluator => movedInt16(ops[op].evaluate);

/**
 * int16 forms: LiteRT's reference arithmetic on int16 activations of zero point 0 over int8 weights, bit for bit.
 * An op that is missing has none.
 */
export const int16Evaluators: Partial<Readonly<Record<OpName, Int16Evaluator>>> = {
  Conv: weightedInt16(ops.Conv.evaluate, { channels: "second", rounding: "fixed-point" }),
  ConvTranspose: weightedInt16(ops.ConvTranspose.evaluate, { channels: "second", rounding: "fixed-point" }),
  Gemm: weightedInt16(ops.Gemm.evaluate, { channels: "last", rounding: "double" }),
  MatMul: weightedInt16(ops.MatMul.evaluate, { channels: "last", rounding: "double" }),
  Add: sumInt16(1), Sub: sumInt16(-1), Mul: mulInt16,
  Min: extremumInt16(Math.min), Max: extremumInt16(Math.max),
  Relu: clippedInt16(() => [0, Infinity]), Clip: clippedInt16((inputs) => [limitOf(inputs[1], -Infinity), limitOf(inputs[2], Infinity)]),
  LeakyRelu: leakyReluInt16, Sigmoid: sigmoidInt16, Tanh: tanhInt16, Softmax: softmaxInt16,
  MaxPool: pooledInt16(ops.MaxPool.evaluate), GlobalMaxPool: pooledInt16(ops.GlobalMaxPool.evaluate), AveragePool: pooledInt16(ops.AveragePool.evaluate),
  GlobalAveragePool: meanInt16(([x]) => ({ axes: (x?.tensor.shape ?? []).map((_, axis) => axis).slice(2), keep: true })),
  ReduceMean: meanInt16(reducedAxes),
  Resize: resizeInt16, Pad: padInt16(ops.Pad.evaluate), Concat: movedInt16(ops.Concat.evaluate, "all"),
  Reshape: moved("Reshape"), Flatten: moved("Flatten"), Transpose: moved("Transpose"), Squeeze: moved("Squeeze"), Unsqueeze: moved("Unsqueeze"),
  Split: moved("Split"), Slice: moved("Slice"), Gather: moved("Gather"), Identity: requantizeInt16,
};

function limitOf(limit: QTensor | null | undefined, otherwise: number): number {
  return limit ? Number(limit.tensor.data[0] ?? otherwise) : otherwise;
}

function reducedAxes([x, given]: readonly (QTensor | null)[], attrs: Attrs): { readonly axes: readonly number[]; readonly keep: boolean } {
  const rank = x?.tensor.shape.length ?? 0;
  const axes = given ? Array.from(given.tensor.data, Number) : [];
  const all = attrs["noop_with_empty_axes"] === 1 ? [] : Array.from({ length: rank }, (_, axis) => axis);
  return { axes: axes.length === 0 ? all : axes.map((axis) => (axis < 0 ? axis + rank : axis)), keep: attrs["keepdims"] !== 0 };
}
