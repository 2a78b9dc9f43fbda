import type { DType } from "@edgewise/graph";

/** Enum TensorType of the public schema; null for what is not a number, or packed below a byte. */
const types: readonly { readonly name: string; readonly dtype: DType | null }[] = [
  { name: "FLOAT32", dtype: "float32" },
  { name: "FLOAT16", dtype: "float16" },
  { name: "INT32", dtype: "int32" },
  { name: "UINT8", dtype: "uint8" },
  { name: "INT64", dtype: "int64" },
  { name: "STRING", dtype: null },
  { name: "BOOL", dtype: "bool" },
  { name: "INT16", dtype: "int16" },
  { name: "COMPLEX64", dtype: null },
  { name: "INT8", dtype: "int8" },
  { name: "FLOAT64", dtype: "float64" },
  { name: "COMPLEX128", dtype: null },
  { name: "UINT64", dtype: "uint64" },
  { name: "RESOURCE", dtype: null },
  { name: "VARIANT", dtype: null },
  { name: "UINT32", dtype: "uint32" },
  { name: "UINT16", dtype: "uint16" },
  { name: "INT4", dtype: null },
  { name: "BFLOAT16", dtype: "bfloat16" },
];

export function dtypeOf(type: number): DType | null {
  return types[type]?.dtype ?? null;
}

export function typeName(type: number): string {
  return types[type]?.name ?? `type ${type}`;
}

/** Number of a type in enum TensorType; −1 for a name that it does not have. */
export function typeNumber(name: string): number {
  return types.findIndex((type) => type.name === name);
}
