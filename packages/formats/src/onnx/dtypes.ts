import type { DType } from "@edgewise/graph";

/** TensorProto.DataType by number; null for types the IR does not hold (string, complex). */
export const dtypeByNumber: readonly (DType | null)[] = [
  null, "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", null, "bool", "float16", "float64", "uint32", "uint64", null, null,
  "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0", "uint2", "int2",
];

export function dtypeNumber(dtype: DType): number {
  return dtypeByNumber.indexOf(dtype);
}

const names: readonly string[] = ["undefined", "", "", "", "", "", "", "", "string", "", "", "", "", "", "complex64", "complex128"];

/** For diagnostics: the name of a type we may not hold. */
export function dtypeText(number: number): string {
  return dtypeByNumber[number] ?? names[number] ?? `type ${number}`;
}
