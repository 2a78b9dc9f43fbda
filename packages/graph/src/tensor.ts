import type { DType } from "./dtype.ts";

/**
 * Element storage of a tensor in memory, unpacked: one array element per tensor element.
 * 16- and 8-bit floats are held in Float32Array as exactly representable values, sub-byte integers
 * in Int8Array or Uint8Array, bool in Uint8Array as 0 or 1.
 */
export type TensorData =
  | Float64Array | Float32Array
  | BigInt64Array | Int32Array | Int16Array | Int8Array
  | BigUint64Array | Uint32Array | Uint16Array | Uint8Array;

/** A dense row-major tensor: `data.length` is the product of `shape`. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Product of the dims; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** Zero-filled storage of the array type that holds `dtype`. */
export function allocate(dtype: DType, elements: number): TensorData {
  switch (dtype) {
    case "float64": return new Float64Array(elements);
    case "float32": case "float16": case "bfloat16":
    case "float8e4m3fn": case "float8e4m3fnuz": case "float8e5m2": case "float8e5m2fnuz":
    case "float8e8m0": case "float4e2m1": return new Float32Array(elements);
    case "int64": return new BigInt64Array(elements);
    case "int32": return new Int32Array(elements);
    case "int16": return new Int16Array(elements);
    case "int8": case "int4": case "int2": return new Int8Array(elements);
    case "uint64": return new BigUint64Array(elements);
    case "uint32": return new Uint32Array(elements);
    case "uint16": return new Uint16Array(elements);
    case "uint8": case "uint4": case "uint2": case "bool": return new Uint8Array(elements);
    default: return dtype satisfies never;
  }
}

export function zeros(dtype: DType, shape: readonly number[]): Tensor {
  return { dtype, shape, data: allocate(dtype, elementCount(shape)) };
}
