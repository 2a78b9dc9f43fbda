import type { Attrs } from "../graph.ts";
import { broadcastOffsets, broadcastShape } from "../int8/broadcast.ts";
import { int8Data, int8Tensor, operandOf, outputQuant } from "../int8/operands.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { columnsOf, product, productNumbers } from "./gemm.int8.ts";

/**
 * int8 matrix product, leading axes broadcast; the arithmetic is that of Gemm without a bias.
 *
 *   y[…, m, n] = clamp(yZero + scaleBy(Σ (a[…, m, k] − aZero) · (b[…, k, n] − bZero), multiplier, shift))
 *
 * a […, M, K], b […, K, N], int8; b may have one scale a column only when it is [K, N]. Two roundings. Does not apply
 * to operands of one axis: `OpError`. Source: TFLite kernels/internal/reference/batch_matmul.h, fully_connected.h.
 */
export function matMulInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const a = operandOf(inputs[0], "A");
  const b = operandOf(inputs[1], "B");
  const [rows = 0, depth = 0] = a.tensor.shape.slice(-2);
  const [inner = 0, columns = 0] = b.tensor.shape.slice(-2);
  if (a.tensor.shape.length < 2 || b.tensor.shape.length < 2 || inner !== depth) {
    throw new OpError("OP_SHAPE", `int8 MatMul of [${a.tensor.shape.join(", ")}] and [${b.tensor.shape.join(", ")}]`);
  }
  if (b.quant.axis !== null && b.tensor.shape.length > 2) throw new OpError("OP_QUANT", "a scale a column needs B of two axes");
  const numbers = productNumbers({ input: a.quant, weight: b.quant, output: outputQuant(outputs) }, columns, attrs);
  const lead = broadcastShape(a.tensor.shape.slice(0, -2), b.tensor.shape.slice(0, -2));
  const fromA = broadcastOffsets(a.tensor.shape.slice(0, -2), lead);
  const fromB = broadcastOffsets(b.tensor.shape.slice(0, -2), lead);
  const count = elementCount(lead);
  const result = new Int8Array(count * rows * columns);
  const bias = new Int32Array(columns);
  for (let i = 0; i < count; i++) {
    const left = (fromA[i] ?? 0) * rows * depth;
    const right = (fromB[i] ?? 0) * depth * columns;
    const weights = columnsOf(int8Data(b, "B").subarray(right, right + depth * columns), { depth, columns, transposed: false, zero: b.quant.zeroPoint[0] ?? 0 });
    result.set(product(int8Data(a, "A").subarray(left, left + rows * depth), weights, { rows, columns, depth, bias, numbers }), i * rows * columns);
  }
  return [int8Tensor([...lead, rows, columns], result)];
}
