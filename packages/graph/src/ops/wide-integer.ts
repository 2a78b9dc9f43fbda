import { type DType, dtypes } from "../dtype.ts";
import type { Tensor, TensorData } from "../tensor.ts";
import { type BigArray, type RealArray, isBig } from "./operand.ts";
import { roomFor } from "./result.ts";

/** Whether products of this type need whole-number arithmetic: doubles are exact only to 53 bits. */
export function isWide(dtype: DType): boolean {
  return dtypes[dtype].kind !== "float" && dtypes[dtype].bits >= 32;
}

/** Numbers of an integer tensor as 64-bit integers. */
export function wideOf(tensor: Tensor): BigArray {
  if (isBig(tensor.data)) return tensor.data;
  return BigInt64Array.from(tensor.data as RealArray, BigInt);
}

/** 64-bit integers in the storage of their type, the high bits dropped. */
export function narrowed(dtype: DType, from: BigArray): TensorData {
  const data = roomFor(dtype, from.length);
  if (isBig(data)) data.set(from);
  else for (let i = 0; i < from.length; i++) data[i] = Number(BigInt.asIntN(32, from[i] as bigint));
  return data;
}
