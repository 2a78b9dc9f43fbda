import { clampTo, mapInt8 } from "../int8/elementwise.ts";
import { shiftRound } from "../int8/fixed-point.ts";
import { multiplierOf, perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant } from "../int8/operands.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/**
 * int8 hard swish, x · clamp(x + 3, 0, 6) / 6, in int16.
 *
 *   wide  = (x − xZero) · 2^7, one step is xScale / 128
 *   gate  = wide brought to steps of 3 / 32768, saturating, then (gate + 2^15) / 2^1: 0 … 32767 stands for 0 … 1
 *   y     = clamp(yZero + round(trunc(gate · highMul16(wide, outputMultiplier) / 2^15) / 2^−outputExponent))
 *   highMul16(a, b) = nearest of a · b / 2^15, ties up
 *
 * All factors are float32 quotients; multipliers keep 15 bits. x int8 of one scale → y same shape.
 * Source: TFLite kernels/internal/reference/hard_swish.h; tflite-micro kernels/hard_swish_common.cc.
 */
export function hardSwishInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): readonly Tensor[] {
  const x = perTensor(operandOf(inputs[0], "X").quant);
  const y = perTensor(outputQuant(outputs));
  const numbers = hardSwishNumbers(x.scale, y.scale);
  const answer = (stored: number): number => {
    const wide = (stored - x.zeroPoint) * 128;
    const raw = Math.trunc((gateOf(wide, numbers) * highMul16(wide, numbers.outputMultiplier)) / 32768);
    return clampTo(shiftRound(raw, -numbers.outputExponent) + y.zeroPoint, -128, 127);
  };
  return [mapInt8(inputs[0], answer)];
}

/** 15-bit multipliers and exponents of the two factors. */
export interface HardSwishNumbers {
  readonly outputMultiplier: number;
  readonly outputExponent: number;
  readonly gateMultiplier: number;
  readonly gateExponent: number;
}

export function hardSwishNumbers(inputScale: number, outputScale: number): HardSwishNumbers {
  const wideScale = Math.fround(inputScale / 128);
  const output = multiplierOf(Math.fround(wideScale / outputScale));
  const gate = multiplierOf(Math.fround(wideScale / Math.fround(3 / 32768)));
  return {
    outputMultiplier: fifteenBits(output.multiplier),
    outputExponent: output.shift,
    gateMultiplier: fifteenBits(gate.multiplier),
    gateExponent: gate.shift,
  };
}

function gateOf(wide: number, { gateMultiplier, gateExponent }: HardSwishNumbers): number {
  const shifted = gateExponent > 0 ? int16(wide * 2 ** (gateExponent - 1)) : wide;
  const scaled = highMul16(shifted, gateMultiplier);
  const relu = gateExponent > 0 ? int16(scaled * 2) : shiftRound(scaled, -gateExponent);
  return (relu + 32768) >> 1;
}

function fifteenBits(multiplier: number): number {
  return multiplier >= 2147483647 - 32768 ? 32767 : (multiplier + 32768) >> 16;
}

function int16(x: number): number {
  return clampTo(x, -32768, 32767);
}

function highMul16(a: number, b: number): number {
  return a === -32768 && b === -32768 ? 32767 : (a * b + 16384) >> 15;
}
