import { type DType, dtypes, elementCount, packedBytes } from "@edgewise/graph";
import { dtypeByNumber, dtypeText } from "./dtypes.ts";
import { type ExternalData, externalRange, isSafeLocation } from "./external.ts";
import { MAX_DIM } from "./limits.ts";
import type { TensorProto } from "./proto.ts";

export interface StoredTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Packed little-endian; a view of the file where the file stores raw bytes. */
  readonly bytes: Uint8Array;
}

export interface TensorProblem {
  readonly code: "ONNX_TENSOR_TYPE" | "ONNX_TENSOR_SHAPE" | "ONNX_TENSOR_BYTES" | "ONNX_EXTERNAL_PATH" | "ONNX_EXTERNAL_MISSING";
  readonly found: string;
  readonly expected: string;
  readonly fix: string;
}

/** TensorProto → bytes. Memory used is bounded by the bytes that are there, never by the numbers that describe them. */
export function storedTensor(tensor: TensorProto, external: ExternalData | undefined): StoredTensor | TensorProblem {
  const dtype = dtypeByNumber[tensor.dataType] ?? null;
  if (dtype === null) return { code: "ONNX_TENSOR_TYPE", found: dtypeText(tensor.dataType), expected: "a numeric or boolean type", fix: "Export the model without string and complex tensors." };
  const shape = tensor.dims;
  if (shape.some((dim) => !Number.isInteger(dim) || dim < 0 || dim > MAX_DIM) || !Number.isSafeInteger(elementCount(shape) * 8)) {
    return { code: "ONNX_TENSOR_SHAPE", found: `[${shape.join(", ")}]`, expected: `dims from 0 to ${MAX_DIM}`, fix: "The file is broken: export it again." };
  }
  const expected = packedBytes(dtype, elementCount(shape));
  const bytes = tensor.isExternal ? externalBytes(tensor, expected, external) : tensor.raw ?? typedBytes(tensor, dtype);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if (bytes.length === expected) return { dtype, shape, bytes };
  return { code: "ONNX_TENSOR_BYTES", found: `${bytes.length} bytes`, expected: `${expected} bytes for ${dtype}[${shape.join(", ")}]`, fix: "The file is broken: export it again." };
}

function externalBytes(tensor: TensorProto, expected: number, external: ExternalData | undefined): Uint8Array | TensorProblem {
  const range = externalRange(tensor.external);
  if (range === null || !isSafeLocation(range.location)) {
    return { code: "ONNX_EXTERNAL_PATH", found: range?.location ?? "no location, or an offset that is not a number", expected: "a file below the model's folder", fix: "Do not open this model; store its data beside it." };
  }
  const length = range.length ?? expected;
  const bytes = length === expected ? external?.({ ...range, length }) : undefined;
  if (bytes !== null && bytes !== undefined) return bytes;
  return { code: "ONNX_EXTERNAL_MISSING", found: `${range.location}, offset ${range.offset}, length ${length}`, expected: `${expected} bytes in that file`, fix: "Put the external data file beside the model." };
}

/** Elements listed in the message's typed fields. Types narrower than 32 bits stand in int32_data, one storage unit each. */
function typedBytes(tensor: TensorProto, dtype: DType): Uint8Array {
  const { bits } = dtypes[dtype];
  switch (dtype) {
    case "float32": return bytesOf(Float32Array.from(tensor.floats));
    case "float64": return bytesOf(Float64Array.from(tensor.doubles));
    case "int64": return bytesOf(BigInt64Array.from(tensor.int64s));
    case "uint64": return bytesOf(BigUint64Array.from(tensor.uint64s));
    case "uint32": return bytesOf(Uint32Array.from(tensor.uint64s, Number));
    case "int32": return bytesOf(Int32Array.from(tensor.ints));
    default: return bits === 16 ? bytesOf(Uint16Array.from(tensor.ints)) : Uint8Array.from(tensor.ints);
  }
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
