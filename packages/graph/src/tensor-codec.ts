import { type DType, dtypes, packedBytes } from "./dtype.ts";
import type { Value } from "./graph.ts";
import { invariant } from "./invariant.ts";
import { decodePower, encodePower } from "./power-float.ts";
import { isSmallFloat, smallFloats } from "./small-float.ts";
import { decodeSmallFloat, encodeSmallFloat } from "./small-float-code.ts";
import { type Tensor, type TensorData, allocate, elementCount } from "./tensor.ts";

/** The contents of a constant as a tensor of its stored type; quantized numbers stay stored integers. */
export function decodeConstant(value: Value): Tensor {
  invariant(value.constant, `value ${value.id} is not a constant`);
  const shape = (value.shape ?? []).map((dim) => {
    invariant(typeof dim === "number", `constant ${value.id} has the open dim ${dim}`);
    return dim;
  });
  return decodeTensor(value.dtype, shape, value.constant.bytes);
}

/**
 * Packed bytes → tensor: little-endian, row-major, sub-byte types from the low bits up.
 * The tensor owns its storage. Typed arrays use the host's byte order, which is little-endian wherever JavaScript runs.
 */
export function decodeTensor(dtype: DType, shape: readonly number[], bytes: Uint8Array): Tensor {
  const elements = elementCount(shape);
  invariant(bytes.byteLength === packedBytes(dtype, elements), `${bytes.byteLength} bytes do not fill ${dtype}[${shape.join(", ")}]`);
  const data = allocate(dtype, elements);
  const { bits, kind } = dtypes[dtype];
  if (bits >= 8 && data.BYTES_PER_ELEMENT * 8 === bits) bytesOf(data).set(bytes);
  else if (kind === "float") decodeFloats(dtype, bytes, data as Float32Array); // small floats are held in Float32Array
  else unpack(bytes, { bits, signed: kind === "signed" }, data as Int8Array | Uint8Array); // sub-byte integers are held in these two
  return { dtype, shape, data };
}

/** Tensor → packed bytes, the inverse of `decodeTensor`; numbers must be representable in the tensor's type. */
export function encodeTensor(tensor: Tensor): Uint8Array {
  const { dtype, data } = tensor;
  const { bits, kind } = dtypes[dtype];
  if (bits >= 8 && data.BYTES_PER_ELEMENT * 8 === bits) return bytesOf(data).slice();
  const bytes = new Uint8Array(packedBytes(dtype, data.length));
  const mask = 2 ** bits - 1;
  const code = kind === "float" ? floatEncoder(dtype) : (x: number): number => x & mask;
  for (let i = 0; i < data.length; i++) {
    const stored = code(Number(data[i]));
    if (bits === 16) {
      bytes[2 * i] = stored & 255;
      bytes[2 * i + 1] = stored >>> 8;
    } else {
      const at = (i * bits) >>> 3;
      bytes[at] = (bytes[at] ?? 0) | (stored << ((i * bits) & 7));
    }
  }
  return bytes;
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function decodeFloats(dtype: DType, bytes: Uint8Array, data: Float32Array): void {
  const decode = floatDecoder(dtype);
  const { bits } = dtypes[dtype];
  if (bits === 16) {
    for (let i = 0; i < data.length; i++) data[i] = decode((bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8));
    return;
  }
  const table = Float32Array.from({ length: 2 ** bits }, (_, code) => decode(code));
  const codes = new Uint8Array(data.length);
  unpack(bytes, { bits, signed: false }, codes);
  for (let i = 0; i < data.length; i++) data[i] = table[codes[i] ?? 0] ?? NaN;
}

function unpack(bytes: Uint8Array, { bits, signed }: { readonly bits: number; readonly signed: boolean }, into: Int8Array | Uint8Array): void {
  const mask = 2 ** bits - 1;
  const signBit = signed ? 2 ** (bits - 1) : 0;
  for (let i = 0; i < into.length; i++) {
    const stored = ((bytes[(i * bits) >>> 3] ?? 0) >>> ((i * bits) & 7)) & mask;
    into[i] = (stored ^ signBit) - signBit;
  }
}

function floatDecoder(dtype: DType): (code: number) => number {
  if (dtype === "float8e8m0") return decodePower;
  invariant(isSmallFloat(dtype), `${dtype} is not a small float`);
  const format = smallFloats[dtype];
  return (code) => decodeSmallFloat(code, format);
}

function floatEncoder(dtype: DType): (x: number) => number {
  if (dtype === "float8e8m0") return encodePower;
  invariant(isSmallFloat(dtype), `${dtype} is not a small float`);
  const format = smallFloats[dtype];
  return (x) => encodeSmallFloat(x, format);
}
