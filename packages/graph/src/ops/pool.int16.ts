import type { Attrs } from "../graph.ts";
import { type Int16Evaluator, int16Data, int16Range, int16Tensor } from "../int16/stored.ts";
import { clampTo } from "../int8/elementwise.ts";
import { roundAway, scaleBy } from "../int8/fixed-point.ts";
import { operandOf, outputQuant, requireSameQuant } from "../int8/operands.ts";
import { OpError, type OpDef, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { meanMultiplier } from "./mean.int8.ts";

/**
 * Pools of int16 numbers; input and output have one scale.
 *
 *   MaxPool, GlobalMaxPool  the largest · AveragePool  sum / count of the elements inside the input, ties away from zero
 *
 * A quotient of whole numbers below 2^31 has its exact half in doubles, so the float op's result is rounded right. Source:
 * TFLite kernels/internal/reference/integer_ops/pooling.h (int16).
 */
export function pooledInt16(evaluate: OpDef["evaluate"]): Int16Evaluator {
  return (inputs, outputs, attrs) => {
    if (outputs.length > 1) throw new OpError("OP_ATTRIBUTE", "int16 MaxPool gives no indices");
    const x = operandOf(inputs[0], "X");
    requireSameQuant(x.quant, outputQuant(outputs));
    const { clampMin: _, clampMax: __, ...plain } = attrs;
    const [pooled] = evaluate([{ dtype: "float64", shape: x.tensor.shape, data: Float64Array.from(int16Data(x, "X")) }], plain, 1);
    if (!pooled) throw new OpError("OP_SHAPE", "a pool without a result");
    const { min, max } = int16Range(outputQuant(outputs), attrs);
    return [int16Tensor(pooled.shape, Int16Array.from(pooled.data as Float64Array, (y) => clampTo(roundAway(y), min, max)))]; // the result of a float64 op
  };
}

/**
 * ReduceMean, and GlobalAveragePool over the spatial axes: y = clamp(scaleBy(sum, f)) with the factor of the int8 form.
 *
 * Source: TFLite kernels/internal/reference/reduce.h (QuantizedMeanOrSum).
 */
export function meanInt16(axesOf: (inputs: readonly (QTensor | null)[], attrs: Attrs) => { readonly axes: readonly number[]; readonly keep: boolean }): Int16Evaluator {
  return (inputs, outputs, attrs) => {
    const x = operandOf(inputs[0], "data");
    const { axes, keep } = axesOf(inputs, attrs);
    return [mean(x, outputQuant(outputs), { axes, keep, attrs })];
  };
}

function mean(x: QTensor, output: Quant, over: { readonly axes: readonly number[]; readonly keep: boolean; readonly attrs: Attrs }): Tensor {
  const { shape } = x.tensor;
  const data = int16Data(x, "data");
  const kept = shape.map((dim, axis) => (over.axes.includes(axis) ? 1 : dim));
  const sums = new Int32Array(elementCount(kept));
  const steps = kept.map((dim, axis) => (dim === 1 ? 0 : elementCount(kept.slice(axis + 1))));
  for (let i = 0; i < data.length; i++) {
    let rest = i;
    let target = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const dim = shape[axis] ?? 1;
      target += (rest % dim) * (steps[axis] ?? 0);
      rest = Math.floor(rest / dim);
    }
    sums[target] = (sums[target] ?? 0) + (data[i] ?? 0);
  }
  const { multiplier, shift } = meanMultiplier(x.quant, output, data.length / sums.length);
  const { min, max } = int16Range(output, over.attrs);
  return int16Tensor(over.keep ? kept : shape.filter((_, axis) => !over.axes.includes(axis)), Int16Array.from(sums, (sum) => clampTo(scaleBy(sum, multiplier, shift), min, max)));
}
