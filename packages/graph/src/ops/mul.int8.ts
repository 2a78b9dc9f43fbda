import type { Attrs } from "../graph.ts";
import { clampTo, zipInt8 } from "../int8/elementwise.ts";
import { scaleBy } from "../int8/fixed-point.ts";
import { activationRange, multiplierOf, perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant } from "../int8/operands.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/**
 * int8 product of broadcast operands.
 *
 *   y = clamp(yZero + scaleBy((a − aZero) · (b − bZero), aScale · bScale / yScale))    two roundings
 *
 * The factor is a double. Clamp to int8 and to the fused activation. a, b int8 of one scale each → y int8.
 * Source: TFLite kernels/internal/reference/integer_ops/mul.h; tflite-micro kernels/mul_common.cc.
 */
export function mulInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const a = perTensor(operandOf(inputs[0], "A").quant);
  const b = perTensor(operandOf(inputs[1], "B").quant);
  const y = perTensor(outputQuant(outputs));
  const { multiplier, shift } = multiplierOf((a.scale * b.scale) / y.scale);
  const { min, max } = activationRange(outputQuant(outputs), attrs);
  const answer = (left: number, right: number): number =>
    clampTo(y.zeroPoint + scaleBy((left - a.zeroPoint) * (right - b.zeroPoint), multiplier, shift), min, max);
  return [zipInt8(inputs[0], inputs[1], answer)];
}
