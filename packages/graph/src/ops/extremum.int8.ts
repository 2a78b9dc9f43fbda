import { zipInt8 } from "../int8/elementwise.ts";
import { operandOf, outputQuant, requireSameQuant } from "../int8/operands.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";
import type { Int8Evaluator } from "./moves.int8.ts";

/**
 * int8 minimum and maximum of broadcast operands.
 *
 *   y = min(a, b) or max(a, b) of the stored numbers; no rounding
 *
 * a, b and y int8 of one scale and zero point: an affine map with a positive scale keeps order. Errors: OP_QUANT for facts
 * that differ. Source: TFLite kernels/internal/reference/maximum_minimum.h; tflite-micro kernels/maximum_minimum.cc.
 */
export function extremumInt8(choose: (a: number, b: number) => number): Int8Evaluator {
  return (inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] => {
    requireSameQuant(operandOf(inputs[0], "A").quant, outputQuant(outputs));
    requireSameQuant(operandOf(inputs[1], "B").quant, outputQuant(outputs));
    return [zipInt8(inputs[0], inputs[1], choose)];
  };
}
