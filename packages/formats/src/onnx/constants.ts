import { type DType, type TensorData, allocate, elementCount } from "@edgewise/graph";
import { encodeTensor } from "@edgewise/graph/ops";
import type { NodeAttributes } from "./attributes.ts";
import { numberAttr, numberList } from "./lift/lift.ts";
import type { StoredTensor } from "./tensor.ts";

/** The value of a Constant node: exactly one of its attributes; null for strings and sparse tensors. */
export function constantValue({ attrs, tensors }: NodeAttributes): StoredTensor | null {
  if (tensors["value"] !== undefined) return tensors["value"];
  const float = numberAttr(attrs["value_float"]);
  if (float !== null) return listed("float32", [], [float]);
  const int = numberAttr(attrs["value_int"]);
  if (int !== null) return listed("int64", [], [int]);
  const floats = numberList(attrs["value_floats"]);
  if (floats !== null) return listed("float32", [floats.length], floats);
  const ints = numberList(attrs["value_ints"]);
  return ints === null ? null : listed("int64", [ints.length], ints);
}

/** Numbers spelled out → stored tensor. */
export function listed(dtype: DType, shape: readonly number[], values: readonly number[]): StoredTensor {
  const data: TensorData = allocate(dtype, elementCount(shape));
  values.forEach((value, index) => { data[index] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(Math.trunc(value)) : value; });
  return { dtype, shape, bytes: encodeTensor({ dtype, shape, data }) };
}
