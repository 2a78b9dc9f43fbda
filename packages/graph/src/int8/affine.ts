import { type DType, dtypes } from "../dtype.ts";
import { invariant } from "../invariant.ts";
import type { QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { type Tensor, allocate, elementCount } from "../tensor.ts";
import { clampTo } from "./elementwise.ts";
import { roundAway, scaleBy } from "./fixed-point.ts";
import { multiplierOf, perTensor } from "./multiplier.ts";
import { int8Data, int8Tensor } from "./operands.ts";

/**
 * Reals to stored numbers and back.
 *
 *   quantize    q = clamp(zero + round(float32(x / scale))), ties away from zero; NaN gives the zero point
 *   dequantize  x = float32(scale · (q − zero)), the product in double
 *   requantize  q' = clamp(zero' + scaleBy(q − zero, scale / scale')), two roundings
 *
 * Per channel along `axis` where the fact has one. Stored type int8 unless another integer type is asked for.
 * Source: TFLite kernels/internal/reference/{quantize,dequantize,requantize}.h.
 */
export function quantizeTensor(tensor: Tensor, quant: Quant, dtype: DType = "int8"): Tensor {
  const { data } = tensor;
  const result = allocate(dtype, data.length);
  const channel = channelIndex(tensor.shape, quant);
  const range = rangeOf(dtype);
  for (let i = 0; i < result.length; i++) {
    const c = channel(i);
    result[i] = storedBy(Number(data[i]), { scale: quant.scale[c] ?? 1, zeroPoint: quant.zeroPoint[c] ?? 0 }, range);
  }
  return { dtype, shape: tensor.shape, data: result };
}

/** The stored int8 number of one real, by a fact of one scale. */
export function storedOf(real: number, quant: Quant): number {
  return storedBy(real, perTensor(quant), { min: -128, max: 127 });
}

interface StoredRange {
  readonly min: number;
  readonly max: number;
}

function rangeOf(dtype: DType): StoredRange {
  const { kind, bits } = dtypes[dtype];
  invariant(bits <= 32 && (kind === "signed" || kind === "unsigned"), `reals are not stored as ${dtype}`);
  const min = kind === "signed" ? -(2 ** (bits - 1)) : 0;
  return { min, max: min + 2 ** bits - 1 };
}

function storedBy(real: number, by: { readonly scale: number; readonly zeroPoint: number }, { min, max }: StoredRange): number {
  const steps = Math.fround(Math.fround(real) / by.scale);
  return Number.isNaN(steps) ? by.zeroPoint : clampTo(by.zeroPoint + roundAway(steps), min, max);
}

export function dequantizeTensor({ tensor, quant }: QTensor): Tensor {
  const { data } = tensor;
  const result = new Float32Array(data.length);
  const channel = channelIndex(tensor.shape, quant);
  for (let i = 0; i < result.length; i++) {
    const c = channel(i);
    result[i] = (quant.scale[c] ?? 1) * (Number(data[i]) - (quant.zeroPoint[c] ?? 0));
  }
  return { dtype: "float32", shape: tensor.shape, data: result };
}

export function requantizeTensor(x: QTensor, output: Quant): Tensor {
  const from = perTensor(x.quant);
  const to = perTensor(output);
  const { multiplier, shift } = multiplierOf(from.scale / to.scale);
  const table = Int8Array.from({ length: 256 }, (_, i) => clampTo(to.zeroPoint + scaleBy(i - 128 - from.zeroPoint, multiplier, shift), -128, 127));
  return int8Tensor(x.tensor.shape, int8Data(x, "X").map((stored) => table[stored + 128] ?? 0));
}

/** From the row-major index of an element to the index of its scale. */
function channelIndex(shape: readonly number[], quant: Quant): (i: number) => number {
  if (quant.axis === null) return () => 0;
  const dim = shape[quant.axis];
  invariant(dim === quant.scale.length, `${quant.scale.length} scales along an axis of ${dim}`);
  const block = elementCount(shape.slice(quant.axis + 1));
  return (i) => Math.floor(i / block) % dim;
}
