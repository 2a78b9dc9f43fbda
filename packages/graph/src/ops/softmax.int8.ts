import type { Attrs } from "../graph.ts";
import { expOfNegative, oneOverOnePlus } from "../int8/exponential.ts";
import { type Multiplier, highMul, shiftRound } from "../int8/fixed-point.ts";
import { clampTo } from "../int8/elementwise.ts";
import { multiplierOf, perTensor } from "../int8/multiplier.ts";
import { int8Data, int8Tensor, operandOf, outputQuant, requireQuant } from "../int8/operands.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount, type Tensor } from "../tensor.ts";

/**
 * int8 softmax along one axis; the result has scale 1/256 and zero point −128.
 *
 *   d = x − max, at most 0; d below diffMin gives −128
 *   e = exp(highMul(d · 2^shift, multiplier)), argument Q5, result Q0; multiplier of min(xScale · 2^26, 2^31 − 1)
 *   sum of e in Q12, each rounded; 1/sum = oneOverOnePlus(sum shifted to [1, 2) − 1)
 *   y = clamp(e · 1/sum, rounded to 8 bits, − 128)
 *
 * x [any] int8 → y same shape. Errors: another output fact. Source: TFLite kernels/internal/reference/softmax.h,
 * kernels/internal/common.h (GetReciprocal), quantization_util.cc (PreprocessSoftmaxScaling, CalculateInputRadius).
 */
export function softmaxInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const x = operandOf(inputs[0], "X");
  requireQuant(outputQuant(outputs), 1 / 256, -128);
  const { shape } = x.tensor;
  const asked = typeof attrs["axis"] === "number" ? attrs["axis"] : -1;
  const axis = asked < 0 ? asked + shape.length : asked;
  const depth = shape[axis];
  if (depth === undefined) throw new OpError("OP_ATTRIBUTE", `axis ${asked} of ${shape.length} axes`);
  const stride = elementCount(shape.slice(axis + 1));
  const data = int8Data(x, "X");
  const result = new Int8Array(data.length);
  const exponentials = exponentialTable(softmaxNumbers(x.quant));
  for (let i = 0; i < data.length / depth; i++) {
    const start = Math.floor(i / stride) * stride * depth + (i % stride);
    softmaxRow(data, result, { start, stride, depth, exponentials });
  }
  return [int8Tensor(shape, result)];
}

/** The integers of a softmax: the factor of differences to the maximum, and the least difference that counts. */
export interface SoftmaxNumbers extends Multiplier {
  readonly diffMin: number;
}

export function softmaxNumbers(input: Quant): SoftmaxNumbers {
  const { multiplier, shift } = multiplierOf(Math.min(perTensor(input).scale * 67108864, 2147483647));
  return { multiplier, shift, diffMin: -Math.floor((31 * 67108864) / 2 ** shift) };
}

/** exp of each difference 0 … −255 in Q0; −1 where the difference is too small to count. */
function exponentialTable({ multiplier, shift, diffMin }: SoftmaxNumbers): Int32Array {
  return Int32Array.from({ length: 256 }, (_, d) => (-d >= diffMin ? expOfNegative(highMul(-d << shift, multiplier), 5) : -1));
}

interface Row {
  readonly start: number;
  readonly stride: number;
  readonly depth: number;
  readonly exponentials: Int32Array;
}

function softmaxRow(data: Int8Array, result: Int8Array, { start, stride, depth, exponentials }: Row): void {
  const end = start + stride * depth;
  let max = -128;
  for (let i = start; i < end; i += stride) max = Math.max(max, data[i] ?? 0);
  const exponential = (i: number): number => exponentials[max - (data[i] ?? 0)] ?? -1;
  let sum = 0;
  for (let i = start; i < end; i += stride) {
    const e = exponential(i);
    if (e >= 0) sum = (sum + shiftRound(e, 12)) | 0;
  }
  const headroom = Math.clz32(sum);
  const inverse = oneOverOnePlus(((sum << headroom) - 2147483648) | 0);
  const exponent = 12 - headroom + 31 - 8;
  for (let i = start; i < end; i += stride) {
    const e = exponential(i);
    // From 512 equal shares on the exponent is 32 and more: a share below 2^31 rounds to 0.
    result[i] = e < 0 || exponent > 31 ? -128 : clampTo(shiftRound(highMul(inverse, e), exponent) - 128, -128, 127);
  }
}
