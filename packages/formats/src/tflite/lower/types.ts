import type { DType } from "@edgewise/graph";
import type { TensorType } from "../program.ts";

const types: Partial<Record<DType, TensorType>> = {
  float32: "FLOAT32", float16: "FLOAT16", int32: "INT32", uint8: "UINT8", int64: "INT64", bool: "BOOL", int16: "INT16", int8: "INT8",
};

/** The tensor type of an element type; null for one that TensorFlow Lite has no kernels for. */
export function tensorTypeOf(dtype: DType): TensorType | null {
  return types[dtype] ?? null;
}

/** Bytes of one element. */
export const elementBytes: Readonly<Record<TensorType, number>> = {
  FLOAT32: 4, FLOAT16: 2, INT32: 4, UINT8: 1, INT64: 8, BOOL: 1, INT16: 2, INT8: 1,
};
