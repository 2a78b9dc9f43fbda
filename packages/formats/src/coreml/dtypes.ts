import type { DType } from "@edgewise/graph";
import type { MilDType } from "./mil.ts";

interface MilDTypeInfo {
  /** Enum DataType of MIL.proto. */
  readonly number: number;
  /** Code in a weight file; null where such files hold no such type. */
  readonly blob: number | null;
  /** The type in which the IR holds the same elements; null where it has none. */
  readonly ir: DType | null;
  /** Storage width of one packed element. */
  readonly bits: number;
}

/**
 * The element types and their codes. Sources: github.com/apple/coremltools, mlmodel/format/MIL.proto and
 * mlmodel/src/MILBlob/Blob/BlobDataType.hpp
 */
export const milDTypes: Readonly<Record<MilDType, MilDTypeInfo>> = {
  bool: { number: 1, blob: null, ir: "bool", bits: 8 },
  string: { number: 2, blob: null, ir: null, bits: 0 },
  fp16: { number: 10, blob: 1, ir: "float16", bits: 16 },
  fp32: { number: 11, blob: 2, ir: "float32", bits: 32 },
  fp64: { number: 12, blob: null, ir: "float64", bits: 64 },
  int8: { number: 21, blob: 4, ir: "int8", bits: 8 },
  int16: { number: 22, blob: 6, ir: "int16", bits: 16 },
  int32: { number: 23, blob: 14, ir: "int32", bits: 32 },
  int64: { number: 24, blob: null, ir: "int64", bits: 64 },
  int4: { number: 25, blob: 8, ir: "int4", bits: 4 },
  uint8: { number: 31, blob: 3, ir: "uint8", bits: 8 },
  uint16: { number: 32, blob: 7, ir: "uint16", bits: 16 },
  uint32: { number: 33, blob: 15, ir: "uint32", bits: 32 },
  uint64: { number: 34, blob: null, ir: "uint64", bits: 64 },
  uint4: { number: 35, blob: 11, ir: "uint4", bits: 4 },
  uint2: { number: 36, blob: 10, ir: "uint2", bits: 2 },
  uint1: { number: 37, blob: 9, ir: null, bits: 1 },
  uint6: { number: 38, blob: 13, ir: null, bits: 6 },
  uint3: { number: 39, blob: 12, ir: null, bits: 3 },
};

const byNumber: ReadonlyMap<number, MilDType> = new Map(names().map((name) => [milDTypes[name].number, name]));
const byIr: ReadonlyMap<DType, MilDType> = new Map(names().flatMap((name): [DType, MilDType][] => {
  const { ir } = milDTypes[name];
  return ir === null ? [] : [[ir, name]];
}));

function names(): readonly MilDType[] {
  return Object.keys(milDTypes) as MilDType[]; // the keys of the table are the union
}

/** Null for a number that is no type we know. */
export function milDTypeOf(number: number): MilDType | null {
  return byNumber.get(number) ?? null;
}

/** The MIL type of the same elements; null where MIL has none. */
export function milDTypeFor(dtype: DType): MilDType | null {
  return byIr.get(dtype) ?? null;
}

/** Bytes of packed elements. */
export function milBytes(dtype: MilDType, elements: number): number {
  return Math.ceil((milDTypes[dtype].bits * elements) / 8);
}
