import { OpError } from "../op.ts";
import type { Tensor, TensorData } from "../tensor.ts";

/** Storage of every type but the 64-bit integers. */
export type RealArray = Exclude<TensorData, BigInt64Array | BigUint64Array>;
export type BigArray = BigInt64Array | BigUint64Array;

/** An operand that must be there. */
export function required<T>(operand: T | null | undefined, name: string): T {
  if (operand === null || operand === undefined) throw new OpError("OP_INPUT", `input ${name} is missing`);
  return operand;
}

export function isBig(data: TensorData): data is BigArray {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

/** Numbers of a tensor, for ops that are not defined on 64-bit integers. */
export function realsOf(tensor: Tensor, name: string): RealArray {
  if (isBig(tensor.data)) throw new OpError("OP_DTYPE", `input ${name} cannot be ${tensor.dtype}`);
  return tensor.data;
}
