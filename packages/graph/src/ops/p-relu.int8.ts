import { clampTo, zipInt8 } from "../int8/elementwise.ts";
import { scaleBy } from "../int8/fixed-point.ts";
import { multiplierOf, perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant } from "../int8/operands.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/**
 * int8 parametric rectifier; the slope broadcasts to x.
 *
 *   x >= xZero   y = clamp(yZero + scaleBy(x − xZero, xScale / yScale))
 *   else         y = clamp(yZero + scaleBy((x − xZero) · (slope − slopeZero), xScale · slopeScale / yScale))
 *
 * Factors in double; two roundings. x, slope int8 of one scale each → y int8.
 * Source: TFLite kernels/internal/reference/prelu.h; tflite-micro kernels/prelu_common.cc.
 */
export function preluInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  const x = perTensor(operandOf(inputs[0], "X").quant);
  const slope = perTensor(operandOf(inputs[1], "slope").quant);
  const y = perTensor(outputQuant(outputs));
  const above = multiplierOf(x.scale / y.scale);
  const below = multiplierOf((x.scale * slope.scale) / y.scale);
  const answer = (stored: number, slopeStored: number): number => {
    const value = stored - x.zeroPoint;
    const scaled = value >= 0
      ? scaleBy(value, above.multiplier, above.shift)
      : scaleBy(value * (slopeStored - slope.zeroPoint), below.multiplier, below.shift);
    return clampTo(y.zeroPoint + scaled, -128, 127);
  };
  return [zipInt8(inputs[0], inputs[1], answer)];
}
