import type { Attrs } from "../graph.ts";
import { type Int16Evaluator, INT16_MAX, INT16_MIN, int16Limits, int16Range, mapInt16, zipInt16 } from "../int16/stored.ts";
import { clampTo } from "../int8/elementwise.ts";
import { scaleBy } from "../int8/fixed-point.ts";
import { multiplierOf, perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant, requireSameQuant } from "../int8/operands.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/**
 * int16 sum and difference of broadcast operands.
 *
 *   wide = 2 · max(aScale, bScale)
 *   a' = scaleBy(a · 2^15, aScale / wide), b' likewise;  y = clamp(scaleBy(a' ± b', wide / (2^15 · yScale)))
 *
 * Factors in double, two roundings each. Source: TFLite kernels/{add,sub}.cc (general scales of int16), reference/add.h.
 */
export function sumInt16(sign: 1 | -1): Int16Evaluator {
  return (inputs, outputs, attrs) => {
    const [a, b] = [scaleOf(inputs[0], "A"), scaleOf(inputs[1], "B")];
    const output = outputQuant(outputs);
    const wide = 2 * Math.max(a, b);
    const [left, right, total] = [multiplierOf(a / wide), multiplierOf(b / wide), multiplierOf(wide / (32768 * perTensor(output).scale))];
    const { min, max } = int16Range(output, attrs);
    return [zipInt16(inputs[0], inputs[1], (x, y) => {
      const sum = scaleBy(x * 32768, left.multiplier, left.shift) + sign * scaleBy(y * 32768, right.multiplier, right.shift);
      return clampTo(scaleBy(sum, total.multiplier, total.shift), min, max);
    })];
  };
}

/** y = clamp(scaleBy(a · b, aScale · bScale / yScale)). Source: TFLite kernels/internal/reference/integer_ops/mul.h. */
export function mulInt16(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const output = outputQuant(outputs);
  const { multiplier, shift } = multiplierOf((scaleOf(inputs[0], "A") * scaleOf(inputs[1], "B")) / perTensor(output).scale);
  const { min, max } = int16Range(output, attrs);
  return [zipInt16(inputs[0], inputs[1], (a, b) => clampTo(scaleBy(a * b, multiplier, shift), min, max))];
}

/** The smaller or larger stored number; one fact. Source: TFLite kernels/internal/reference/maximum_minimum.h. */
export function extremumInt16(choose: (a: number, b: number) => number): Int16Evaluator {
  return (inputs, outputs) => {
    for (const [position, name] of ["A", "B"].entries()) requireSameQuant(operandOf(inputs[position], name).quant, outputQuant(outputs));
    return [zipInt16(inputs[0], inputs[1], choose)];
  };
}

/** Relu, Clip, Identity: y = scaleBy(x, xScale / yScale), clamped to the stored limits. Source: TFLite reference/reference_ops.h (ReluX). */
export function clippedInt16(limitsOf: (inputs: readonly (QTensor | null)[]) => readonly [low: number, high: number]): Int16Evaluator {
  return (inputs, outputs) => {
    const output = outputQuant(outputs);
    const { multiplier, shift } = multiplierOf(Math.fround(scaleOf(inputs[0], "X") / perTensor(output).scale));
    const { min, max } = int16Limits(output, ...limitsOf(inputs));
    return [mapInt16(inputs[0], (stored) => clampTo(scaleBy(stored, multiplier, shift), min, max))];
  };
}

/** As the int8 form with zero points of 0. Source: TFLite kernels/internal/reference/leaky_relu.h, kernels/activations.cc. */
export function leakyReluInt16(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const [x, y] = [scaleOf(inputs[0], "X"), perTensor(outputQuant(outputs)).scale];
  const alpha = Math.fround(typeof attrs["alpha"] === "number" ? attrs["alpha"] : 0.01);
  const [above, below] = [multiplierOf(Math.fround(x / y)), multiplierOf(Math.fround(Math.fround(x * alpha) / y))];
  return [mapInt16(inputs[0], (stored) => {
    const by = stored >= 0 ? above : below;
    return clampTo(scaleBy(stored, by.multiplier, by.shift), INT16_MIN, INT16_MAX);
  })];
}

/** y = clamp(scaleBy(x, xScale / yScale)). Source: TFLite kernels/internal/reference/requantize.h. */
export function requantizeInt16(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  const { multiplier, shift } = multiplierOf(scaleOf(inputs[0], "X") / perTensor(outputQuant(outputs)).scale);
  return [mapInt16(inputs[0], (stored) => clampTo(scaleBy(stored, multiplier, shift), INT16_MIN, INT16_MAX))];
}

function scaleOf(operand: QTensor | null | undefined, name: string): number {
  return perTensor(operandOf(operand, name).quant).scale;
}
