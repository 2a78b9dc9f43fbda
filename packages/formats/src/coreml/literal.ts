import { type DType, type TensorData, allocate, invariant } from "@edgewise/graph";
import { encodeTensor } from "@edgewise/graph/ops";
import { milDTypes } from "./dtypes.ts";
import { nearestHalf } from "./half.ts";
import { type MilDType, type MilNumbers, tensorType } from "./mil.ts";

/** Numbers spelled out, of a type that the IR has too; rounded to it where it is float16. */
export function numbers(dtype: MilDType, shape: readonly number[], values: ArrayLike<number>): MilNumbers {
  const { ir } = milDTypes[dtype];
  invariant(ir !== null, `numbers of type ${dtype} can be encoded`);
  return { kind: "numbers", type: tensorType(dtype, shape), bytes: encodeTensor({ dtype: ir, shape, data: stored(ir, values) }) };
}

function stored(dtype: DType, values: ArrayLike<number>): TensorData {
  const data = allocate(dtype, values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    data[index] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(value) : dtype === "float16" ? nearestHalf(value) : value;
  }
  return data;
}

export function ints(values: readonly number[]): MilNumbers {
  return numbers("int32", [values.length], values);
}

export function int(value: number): MilNumbers {
  return numbers("int32", [], [value]);
}

export function bool(value: boolean): MilNumbers {
  return numbers("bool", [], [value ? 1 : 0]);
}

export function bools(values: readonly boolean[]): MilNumbers {
  return numbers("bool", [values.length], values.map(Number));
}
