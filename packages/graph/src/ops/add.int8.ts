import type { Attrs } from "../graph.ts";
import { clampTo, zipInt8 } from "../int8/elementwise.ts";
import { type Multiplier, scaleBy } from "../int8/fixed-point.ts";
import { type StoredRange, activationRange, multiplierOf, perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant } from "../int8/operands.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/**
 * int8 sum and difference of broadcast operands.
 *
 *   wide = 2 · max(aScale, bScale)
 *   a' = scaleBy((a − aZero) · 2^20, aScale / wide), b' likewise
 *   y  = clamp(yZero + scaleBy(a' ± b', wide / (2^20 · yScale)))          two roundings each
 *
 * Factors in double. Clamp to the fused activation.
 * a, b int8 of one scale each → y int8. Source: TFLite kernels/internal/reference/integer_ops/add.h, reference/sub.h;
 * tflite-micro kernels/{add,sub}_common.cc.
 */
export function addInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  return combine(inputs, { sign: 1, numbers: sumNumbers(quantsOf(inputs, outputs), attrs) });
}

export function subInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  return combine(inputs, { sign: -1, numbers: sumNumbers(quantsOf(inputs, outputs), attrs) });
}

export interface SumFacts {
  readonly a: Quant;
  readonly b: Quant;
  readonly output: Quant;
}

/** The integers of a sum or a difference. */
export interface SumNumbers {
  readonly aZero: number;
  readonly bZero: number;
  readonly outputZero: number;
  readonly a: Multiplier;
  readonly b: Multiplier;
  readonly output: Multiplier;
  readonly range: StoredRange;
}

export function sumNumbers(facts: SumFacts, attrs: Attrs): SumNumbers {
  const a = perTensor(facts.a);
  const b = perTensor(facts.b);
  const output = perTensor(facts.output);
  const wide = 2 * Math.max(a.scale, b.scale);
  return {
    aZero: a.zeroPoint,
    bZero: b.zeroPoint,
    outputZero: output.zeroPoint,
    a: multiplierOf(a.scale / wide),
    b: multiplierOf(b.scale / wide),
    output: multiplierOf(wide / (1048576 * output.scale)),
    range: activationRange(facts.output, attrs),
  };
}

function quantsOf(inputs: readonly (QTensor | null)[], outputs: readonly Quant[]): SumFacts {
  return { a: operandOf(inputs[0], "A").quant, b: operandOf(inputs[1], "B").quant, output: outputQuant(outputs) };
}

function combine(inputs: readonly (QTensor | null)[], by: { readonly sign: 1 | -1; readonly numbers: SumNumbers }): readonly Tensor[] {
  const { sign, numbers: { aZero, bZero, outputZero, a, b, output, range } } = by;
  // Each operand has 256 possible stored numbers, rescaled once.
  const left = Int32Array.from({ length: 256 }, (_, i) => scaleBy((i - 128 - aZero) * 1048576, a.multiplier, a.shift));
  const right = Int32Array.from({ length: 256 }, (_, i) => sign * scaleBy((i - 128 - bZero) * 1048576, b.multiplier, b.shift));
  const answer = (x: number, y: number): number => {
    const sum = (left[x + 128] as number) + (right[y + 128] as number);
    return clampTo(outputZero + scaleBy(sum, output.multiplier, output.shift), range.min, range.max);
  };
  return [zipInt8(inputs[0], inputs[1], answer)];
}
