import { broadcastOffsets, broadcastShape } from "../int8/broadcast.ts";
import { roundAway } from "../int8/fixed-point.ts";
import { type StoredRange, perTensor } from "../int8/multiplier.ts";
import { operandOf } from "../int8/operands.ts";
import type { Attrs } from "../graph.ts";
import { OpError, type OpDef, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/** An op's int16 form; operands and facts as for `evaluateInt8`. */
export type Int16Evaluator = NonNullable<OpDef["evaluateInt8"]>;

export const INT16_MIN = -32768;
export const INT16_MAX = 32767;

/** The int16 numbers of a data operand; refuses other element types and zero points that are not 0. */
export function int16Data(operand: QTensor | null | undefined, name: string): Int16Array {
  const { tensor, quant } = operandOf(operand, name);
  if (!(tensor.data instanceof Int16Array)) throw new OpError("OP_DTYPE", `int16 arithmetic needs int16 ${name}, found ${tensor.dtype}`);
  if (quant.zeroPoint.some((zero) => zero !== 0)) throw new OpError("OP_QUANT", `int16 ${name} has zero point 0, found ${quant.zeroPoint[0]}`);
  return tensor.data;
}

export function int16Tensor(shape: readonly number[], data: Int16Array): Tensor {
  return { dtype: "int16", shape, data };
}

/** Bounds that a fused clamp puts on an int16 result: round(float32(limit / scale)), held within the type. */
export function int16Range(quant: Quant, attrs: Attrs): StoredRange {
  const { clampMin, clampMax } = attrs;
  return int16Limits(quant, typeof clampMin === "number" ? clampMin : -Infinity, typeof clampMax === "number" ? clampMax : Infinity);
}

/** Stored numbers for the real limits [low, high]; an infinite limit is that of int16. Source: TFLite kernels/kernel_util.cc. */
export function int16Limits(quant: Quant, low: number, high: number): StoredRange {
  const { scale } = perTensor(quant);
  const stored = (limit: number): number => Math.min(INT16_MAX, Math.max(INT16_MIN, roundAway(Math.fround(Math.fround(limit) / scale))));
  return { min: low === -Infinity ? INT16_MIN : stored(low), max: high === Infinity ? INT16_MAX : stored(high) };
}

/** y[i] = answer(x[i]) of stored numbers, held within the range. */
export function mapInt16(x: QTensor | null | undefined, answer: (stored: number) => number): Tensor {
  return int16Tensor(operandOf(x, "X").tensor.shape, int16Data(x, "X").map(answer));
}

/** y[i] = answer(a[i], b[i]) over broadcast operands; stored numbers in and out. */
export function zipInt16(a: QTensor | null | undefined, b: QTensor | null | undefined, answer: (a: number, b: number) => number): Tensor {
  const [dataA, dataB] = [int16Data(a, "A"), int16Data(b, "B")];
  const [left, right] = [operandOf(a, "A").tensor.shape, operandOf(b, "B").tensor.shape];
  const shape = broadcastShape(left, right);
  const [fromA, fromB] = [broadcastOffsets(left, shape), broadcastOffsets(right, shape)];
  const result = new Int16Array(fromA.length);
  // Offsets stay inside the operands, hence the casts.
  for (let i = 0; i < result.length; i++) result[i] = answer(dataA[fromA[i] as number] as number, dataB[fromB[i] as number] as number);
  return int16Tensor(shape, result);
}
