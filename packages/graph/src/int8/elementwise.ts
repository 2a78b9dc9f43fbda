import type { QTensor } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastOffsets, broadcastShape } from "./broadcast.ts";
import { int8Data, int8Tensor, operandOf } from "./operands.ts";

/**
 * y[i] = table[x[i] + 128]: an element-wise op of one int8 operand as the 256 answers it can give.
 * `answer` maps a stored number to a stored number within int8.
 */
export function mapInt8(x: QTensor | null | undefined, answer: (stored: number) => number): Tensor {
  const operand = operandOf(x, "X");
  const table = Int8Array.from({ length: 256 }, (_, i) => answer(i - 128));
  return int8Tensor(operand.tensor.shape, int8Data(operand, "X").map((stored) => table[stored + 128] ?? 0));
}

/** y[i] = answer(a[i], b[i]) over broadcast operands; stored numbers in and out. */
export function zipInt8(a: QTensor | null | undefined, b: QTensor | null | undefined, answer: (a: number, b: number) => number): Tensor {
  const left = operandOf(a, "A");
  const right = operandOf(b, "B");
  const shape = broadcastShape(left.tensor.shape, right.tensor.shape);
  const fromA = broadcastOffsets(left.tensor.shape, shape);
  const fromB = broadcastOffsets(right.tensor.shape, shape);
  const dataA = int8Data(left, "A");
  const dataB = int8Data(right, "B");
  const result = new Int8Array(fromA.length);
  // Offsets stay inside the operands, hence the casts.
  for (let i = 0; i < result.length; i++) result[i] = answer(dataA[fromA[i] as number] as number, dataB[fromB[i] as number] as number);
  return int8Tensor(shape, result);
}

export function clampTo(x: number, min: number, max: number): number {
  return x < min ? min : x > max ? max : x;
}
