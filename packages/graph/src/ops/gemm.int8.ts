import type { Attrs } from "../graph.ts";
import { dotProducts } from "../int8/dot.ts";
import { activationRange, channelMultipliers, perTensor } from "../int8/multiplier.ts";
import { biasData, int8Data, int8Tensor, operandOf, outputQuant } from "../int8/operands.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";
import { type ConvNumbers, rescale, tensorMultiplier } from "./conv.int8.ts";

/**
 * int8 fully connected layer.
 *
 *   sum = c[n] + Σ (a[m, k] − aZero) · (b[k, n] − bZero)                  int32, exact
 *   y   = clamp(yZero + scaleBy(sum, multiplier, shift))                  two roundings
 *   multiplier: of float32(aScale · bScale) / yScale when b has one scale, in double when it has one a column
 *
 * a [M, K] int8, b [K, N] int8 ([N, K] with transB), c [N] int32 of scale aScale · bScale. Does not apply to transA,
 * alpha, beta other than 1, a c that varies by row, or a zero point on weights with a scale a column: `OpError`.
 * Source: TFLite kernels/internal/reference/integer_ops/fully_connected.h, kernels/kernel_util.cc.
 */
export function gemmInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  for (const [name, value] of [["transA", 0], ["alpha", 1], ["beta", 1]] as const) {
    if ((attrs[name] ?? value) !== value) throw new OpError("OP_ATTRIBUTE", `int8 Gemm needs ${name} = ${value}, found ${attrs[name]}`);
  }
  const a = operandOf(inputs[0], "A");
  const b = operandOf(inputs[1], "B");
  const transposed = attrs["transB"] === 1;
  const [rows = 0, depth = 0] = a.tensor.shape;
  const columns = b.tensor.shape[transposed ? 0 : 1] ?? 0;
  if (a.tensor.shape.length !== 2 || b.tensor.shape[transposed ? 1 : 0] !== depth) {
    throw new OpError("OP_SHAPE", `A [${a.tensor.shape.join(", ")}] and B [${b.tensor.shape.join(", ")}] do not multiply`);
  }
  const numbers = productNumbers({ input: a.quant, weight: b.quant, output: outputQuant(outputs) }, columns, attrs);
  const weights = columnsOf(int8Data(b, "B"), { depth, columns, transposed, zero: b.quant.zeroPoint[0] ?? 0 });
  const bias = biasData(inputs[2], columns);
  return [int8Tensor([rows, columns], product(int8Data(a, "A"), weights, { rows, columns, depth, bias, numbers }))];
}

/** The integers of a matrix product. With one weight scale the product of the scales is a float32 number. */
export function productNumbers(facts: { readonly input: Quant; readonly weight: Quant; readonly output: Quant }, channels: number, attrs: Attrs): ConvNumbers {
  const { weight } = facts;
  if (weight.scale.length > 1 && weight.zeroPoint.some((zero) => zero !== 0)) throw new OpError("OP_QUANT", "weights with a scale a column need zero point 0");
  return {
    inputZero: perTensor(facts.input).zeroPoint,
    weightZero: weight.scale.length > 1 ? 0 : perTensor(weight).zeroPoint,
    outputZero: perTensor(facts.output).zeroPoint,
    multipliers: weight.scale.length > 1 ? channelMultipliers(facts, channels) : Array.from({ length: channels }, () => tensorMultiplier(facts)),
    range: activationRange(facts.output, attrs),
  };
}

/** b [depth, columns] or its transpose → [columns, depth], the zero point taken off. */
export function columnsOf(b: Int8Array, of: { readonly depth: number; readonly columns: number; readonly transposed: boolean; readonly zero: number }): Int16Array {
  const { depth, columns, transposed, zero } = of;
  const out = new Int16Array(depth * columns);
  for (let n = 0; n < columns; n++) {
    for (let k = 0; k < depth; k++) out[n * depth + k] = (b[transposed ? n * depth + k : k * columns + n] ?? 0) - zero;
  }
  return out;
}

/** a [rows, depth] times weights [columns, depth] → int8 [rows, columns]. */
export function product(
  a: Int8Array,
  weights: Int16Array,
  of: { readonly rows: number; readonly columns: number; readonly depth: number; readonly bias: Int32Array; readonly numbers: ConvNumbers },
): Int8Array {
  const { rows, columns, depth, bias, numbers } = of;
  const patches = Int16Array.from(a, (stored) => stored - numbers.inputZero);
  const sums = dotProducts({ weights, patches, rows: columns, columns: rows, depth });
  const result = new Int8Array(rows * columns);
  const column = new Int8Array(rows);
  for (let n = 0; n < columns; n++) {
    rescale(sums.subarray(n * rows, (n + 1) * rows), { bias: bias[n] ?? 0, numbers, channel: n }, column);
    for (let m = 0; m < rows; m++) result[m * columns + n] = column[m] ?? 0;
  }
  return result;
}
