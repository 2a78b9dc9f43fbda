import type { Attrs } from "../graph.ts";
import { requantizeTensor } from "../int8/affine.ts";
import { clampTo, mapInt8 } from "../int8/elementwise.ts";
import { logisticOfQ4, tanhOfQ4 } from "../int8/exponential.ts";
import { roundAway, scaleBy, shiftRound } from "../int8/fixed-point.ts";
import { multiplierOf, perTensor, splitExponent, storedRange } from "../int8/multiplier.ts";
import { operandOf, outputQuant, requireQuant } from "../int8/operands.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Stand-alone int8 activations of one operand; 256 answers each.
 *
 *   Relu, Clip   y = clamp(yZero + scaleBy(x − xZero, xScale / yScale)), factor in double, clamp to the stored limits
 *   LeakyRelu    likewise, of float32(xScale / yScale); below zero the factor is float32(float32(xScale · alpha) / yScale)
 *   Elu          y = clamp(yZero + round(f · (1 / yScale))), ties away; f = x from 0 up, alpha · (exp(x) − 1) below, of
 *                x = xScale · (stored − xZero); float32 at every step, exp the nearest float32
 *   Sigmoid      y = clamp(round(logistic(d)) − 128) of scale 1/256, zero point −128
 *   Tanh         y = clamp(round(tanh(d))) of scale 1/128, zero point 0
 *                d = scaleBy(x − xZero, xScale · 2^27) in Q4; |x − xZero| >= radius saturates
 *
 * x int8 of one scale → y same shape. Errors: another output fact for Sigmoid and Tanh.
 * Source: tflite-micro kernels/{activations,leaky_relu,logistic}_common.cc, {elu,tanh}.cc; TFLite
 * kernels/internal/reference/{leaky_relu.h, integer_ops/logistic.h, integer_ops/tanh.h}.
 */
export function reluInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  return [clipped(inputs[0], outputQuant(outputs), { low: 0, high: Infinity })];
}

export function clipInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  return [clipped(inputs[0], outputQuant(outputs), { low: limitOf(inputs[1], -Infinity), high: limitOf(inputs[2], Infinity) })];
}

function limitOf(limit: QTensor | null | undefined, otherwise: number): number {
  return limit ? Number(limit.tensor.data[0] ?? otherwise) : otherwise;
}

function clipped(x: QTensor | null | undefined, output: Quant, limits: { readonly low: number; readonly high: number }): Tensor {
  const from = perTensor(operandOf(x, "X").quant);
  const to = perTensor(output);
  const { multiplier, shift } = multiplierOf(from.scale / to.scale);
  const { min, max } = storedRange(output, limits.low, limits.high);
  return mapInt8(x, (stored) => clampTo(to.zeroPoint + scaleBy(stored - from.zeroPoint, multiplier, shift), min, max));
}

export function leakyReluInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const from = perTensor(operandOf(inputs[0], "X").quant);
  const to = perTensor(outputQuant(outputs));
  const alpha = Math.fround(typeof attrs["alpha"] === "number" ? attrs["alpha"] : 0.01);
  const above = multiplierOf(Math.fround(from.scale / to.scale));
  const below = multiplierOf(Math.fround(Math.fround(from.scale * alpha) / to.scale));
  const answer = (stored: number): number => {
    const x = stored - from.zeroPoint;
    const scaled = x >= 0 ? scaleBy(x, above.multiplier, above.shift) : scaleBy(x, below.multiplier, below.shift);
    return clampTo(to.zeroPoint + scaled, -128, 127);
  };
  return [mapInt8(inputs[0], answer)];
}

export function eluInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const from = perTensor(operandOf(inputs[0], "X").quant);
  const to = perTensor(outputQuant(outputs));
  const alpha = Math.fround(typeof attrs["alpha"] === "number" ? attrs["alpha"] : 1);
  const steps = Math.fround(1 / to.scale);
  const answer = (stored: number): number => {
    const x = Math.fround(from.scale * (stored - from.zeroPoint));
    const y = x < 0 ? Math.fround(alpha * Math.fround(Math.fround(Math.exp(x)) - 1)) : x;
    return clampTo(to.zeroPoint + roundAway(Math.fround(y * steps)), -128, 127);
  };
  return [mapInt8(inputs[0], answer)];
}

export function sigmoidInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  requireQuant(outputQuant(outputs), 1 / 256, -128);
  return [mapInt8(inputs[0], saturating(operandOf(inputs[0], "X").quant, (q4) => shiftRound(logisticOfQ4(q4), 23) - 128))];
}

export function tanhInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  requireQuant(outputQuant(outputs), 1 / 128, 0);
  return [mapInt8(inputs[0], saturating(operandOf(inputs[0], "X").quant, (q4) => shiftRound(tanhOfQ4(q4), 24)))];
}

/** A function of Q4 numbers on stored numbers, −128 and 127 outside of its radius of 15. */
function saturating(input: Quant, answer: (q4: number) => number): (stored: number) => number {
  const { scale, zeroPoint } = perTensor(input);
  const { fraction, exponent } = splitExponent(scale * 134217728);
  const multiplier = Math.floor(fraction * 2147483648 + 0.5);
  const radius = Math.floor((15 * 134217728) / 2 ** exponent);
  return (stored) => {
    const x = stored - zeroPoint;
    if (x <= -radius) return -128;
    if (x >= radius) return 127;
    return clampTo(answer(scaleBy(x, multiplier, exponent)), -128, 127);
  };
}

/** Identity of differing facts is a requantization; so is Quantize of an int8 value. */
export function requantizeInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  const x = operandOf(inputs[0], "X");
  if (x.tensor.dtype !== "int8") throw new OpError("OP_DTYPE", `requantization starts from int8, found ${x.tensor.dtype}`);
  return [requantizeTensor(x, outputQuant(outputs))];
}
