import { type DType, type Tensor, invariant } from "@edgewise/graph";
import { decodeTensor, encodeTensor } from "@edgewise/graph/ops";
import * as ort from "onnxruntime-node";

/** Element types that cross into onnxruntime; sub-byte and 8-bit float values stay inside a graph. */
const typedArrays = {
  float64: Float64Array, float32: Float32Array, float16: Uint16Array,
  int64: BigInt64Array, int32: Int32Array, int16: Int16Array, int8: Int8Array,
  uint64: BigUint64Array, uint32: Uint32Array, uint16: Uint16Array, uint8: Uint8Array, bool: Uint8Array,
} as const;

type Crossing = keyof typeof typedArrays;

function crosses(dtype: string): dtype is Crossing {
  return dtype in typedArrays;
}

export function toOrt(tensor: Tensor): ort.Tensor {
  const { dtype, shape } = tensor;
  invariant(crosses(dtype), `${dtype} cannot be fed to onnxruntime`);
  const { buffer } = Uint8Array.from(encodeTensor(tensor));
  const data = new typedArrays[dtype](buffer);
  // The table pairs each type with the array onnxruntime wants; its overloads cannot be chosen by a variable.
  return new ort.Tensor(dtype as "float32", data as Float32Array, shape);
}

export function fromOrt(value: ort.Tensor): Tensor {
  const dtype: DType | string = value.type;
  invariant(crosses(dtype), `onnxruntime returned ${dtype}`);
  const { data } = value;
  invariant(ArrayBuffer.isView(data), "numbers come as a typed array");
  return decodeTensor(dtype, value.dims, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
