import type { DType } from "./dtype.ts";

/** A binary floating-point format of at most 16 bits. */
export interface SmallFloat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** Largest finite number. */
  readonly max: number;
  readonly infinity: boolean;
  /** Code of NaN: all exponent bits with a mantissa, all bits but the sign, only the sign bit, or none. */
  readonly nan: "ieee" | "ones" | "sign" | "none";
}

export type SmallFloatType = Extract<DType, "float16" | "bfloat16" | "float8e4m3fn" | "float8e4m3fnuz" | "float8e5m2" | "float8e5m2fnuz" | "float4e2m1">;

/** Source: IEEE 754-2019; onnx.ai/onnx/technical/float8.html, float4.html; cloud.google.com/tpu/docs/bfloat16. */
export const smallFloats: Readonly<Record<SmallFloatType, SmallFloat>> = {
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, max: 65504, infinity: true, nan: "ieee" },
  bfloat16: { exponentBits: 8, mantissaBits: 7, bias: 127, max: 2 ** 127 * (2 - 2 ** -7), infinity: true, nan: "ieee" },
  float8e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, max: 448, infinity: false, nan: "ones" },
  float8e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, max: 240, infinity: false, nan: "sign" },
  float8e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, max: 57344, infinity: true, nan: "ieee" },
  float8e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, max: 57344, infinity: false, nan: "sign" },
  float4e2m1: { exponentBits: 2, mantissaBits: 1, bias: 1, max: 6, infinity: false, nan: "none" },
};

export function isSmallFloat(dtype: DType): dtype is SmallFloatType {
  return dtype in smallFloats;
}
