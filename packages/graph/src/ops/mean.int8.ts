import type { Attrs } from "../graph.ts";
import { clampTo } from "../int8/elementwise.ts";
import { type Multiplier, scaleBy } from "../int8/fixed-point.ts";
import { activationRange, multiplierOf, perTensor } from "../int8/multiplier.ts";
import { int8Data, int8Tensor, operandOf, outputQuant } from "../int8/operands.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount, type Tensor } from "../tensor.ts";

/**
 * int8 mean over axes: ReduceMean, and GlobalAveragePool as the mean over the spatial axes.
 *
 *   sum = Σ x − count · xZero                                             int32, exact
 *   y   = clamp(yZero + scaleBy(sum, multiplier', shift'))                two roundings
 *   (multiplier, shift) of xScale / yScale in double; n = min(floor(log2(count)), 32, 31 + shift);
 *   multiplier' = trunc(multiplier · 2^n / count), shift' = shift − n
 *
 * The division by count is inside the multiplier, so this is not AveragePool's rounding. Clamp to int8 and to a fused
 * activation. Errors: an unknown axis. Source: TFLite kernels/internal/reference/reduce.h (QuantizedMeanOrSum).
 */
export function globalAveragePoolInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const x = operandOf(inputs[0], "X");
  const spatial = x.tensor.shape.map((_, axis) => axis).slice(2);
  return [mean(x, outputQuant(outputs), { axes: spatial, keep: true, attrs })];
}

export function reduceMeanInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const x = operandOf(inputs[0], "data");
  const rank = x.tensor.shape.length;
  const given = inputs[1] ? Array.from(inputs[1].tensor.data, Number) : [];
  const all = attrs["noop_with_empty_axes"] === 1 ? [] : x.tensor.shape.map((_, axis) => axis);
  const axes = given.length === 0 ? all : given.map((axis) => (axis < 0 ? axis + rank : axis));
  if (axes.some((axis) => axis < 0 || axis >= rank)) throw new OpError("OP_ATTRIBUTE", `axes ${given.join(", ")} of ${rank}`);
  return [mean(x, outputQuant(outputs), { axes, keep: attrs["keepdims"] !== 0, attrs })];
}

/** The factor of a sum of `count` stored numbers. */
export function meanMultiplier(input: Quant, output: Quant, count: number): Multiplier {
  const { multiplier, shift } = multiplierOf(perTensor(input).scale / perTensor(output).scale);
  const bits = Math.min(31 - Math.clz32(count), 32, 31 + shift);
  return { multiplier: Number((BigInt(multiplier) << BigInt(bits)) / BigInt(count)), shift: shift - bits };
}

function mean(x: QTensor, output: Quant, over: { readonly axes: readonly number[]; readonly keep: boolean; readonly attrs: Attrs }): Tensor {
  const { shape } = x.tensor;
  const data = int8Data(x, "X");
  const kept = shape.map((dim, axis) => (over.axes.includes(axis) ? 1 : dim));
  const sums = new Int32Array(elementCount(kept));
  const steps = stridesOf(kept);
  for (let i = 0; i < data.length; i++) {
    let rest = i;
    let target = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const dim = shape[axis] ?? 1;
      if (kept[axis] !== 1) target += (rest % dim) * (steps[axis] ?? 0);
      rest = Math.floor(rest / dim);
    }
    sums[target] = (sums[target] ?? 0) + (data[i] ?? 0);
  }
  const count = data.length / sums.length;
  const { multiplier, shift } = meanMultiplier(x.quant, output, count);
  const { min, max } = activationRange(output, over.attrs);
  const zeros = { input: perTensor(x.quant).zeroPoint, output: perTensor(output).zeroPoint };
  const result = Int8Array.from(sums, (sum) => clampTo(zeros.output + scaleBy(sum - zeros.input * count, multiplier, shift), min, max));
  return int8Tensor(over.keep ? kept : shape.filter((_, axis) => !over.axes.includes(axis)), result);
}

function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}
