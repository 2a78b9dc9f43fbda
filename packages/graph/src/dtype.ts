/** Element types, named as in numpy and ONNX. Sub-byte and 8-bit float types appear only around Quantize/Dequantize. */
export type DType =
  | "float64" | "float32" | "float16" | "bfloat16"
  | "float8e4m3fn" | "float8e4m3fnuz" | "float8e5m2" | "float8e5m2fnuz" | "float8e8m0" | "float4e2m1"
  | "int64" | "int32" | "int16" | "int8" | "int4" | "int2"
  | "uint64" | "uint32" | "uint16" | "uint8" | "uint4" | "uint2"
  | "bool";

export interface DTypeInfo {
  readonly kind: "float" | "signed" | "unsigned" | "bool";
  /** Storage width of one element when packed, in bits. */
  readonly bits: number;
}

export const dtypes: Readonly<Record<DType, DTypeInfo>> = {
  float64: { kind: "float", bits: 64 },
  float32: { kind: "float", bits: 32 },
  float16: { kind: "float", bits: 16 },
  bfloat16: { kind: "float", bits: 16 },
  float8e4m3fn: { kind: "float", bits: 8 },
  float8e4m3fnuz: { kind: "float", bits: 8 },
  float8e5m2: { kind: "float", bits: 8 },
  float8e5m2fnuz: { kind: "float", bits: 8 },
  float8e8m0: { kind: "float", bits: 8 },
  float4e2m1: { kind: "float", bits: 4 },
  int64: { kind: "signed", bits: 64 },
  int32: { kind: "signed", bits: 32 },
  int16: { kind: "signed", bits: 16 },
  int8: { kind: "signed", bits: 8 },
  int4: { kind: "signed", bits: 4 },
  int2: { kind: "signed", bits: 2 },
  uint64: { kind: "unsigned", bits: 64 },
  uint32: { kind: "unsigned", bits: 32 },
  uint16: { kind: "unsigned", bits: 16 },
  uint8: { kind: "unsigned", bits: 8 },
  uint4: { kind: "unsigned", bits: 4 },
  uint2: { kind: "unsigned", bits: 2 },
  bool: { kind: "bool", bits: 8 },
};

/** Bytes of `elements` packed elements; sub-byte types share bytes, the last one padded. */
export function packedBytes(dtype: DType, elements: number): number {
  return Math.ceil((dtypes[dtype].bits * elements) / 8);
}
