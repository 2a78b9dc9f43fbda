import { type DType, dtypes } from "./dtype.ts";
import { type PowerRounding, roundToPower } from "./power-float.ts";
import { roundToFormat } from "./rounding.ts";
import { isSmallFloat, smallFloats } from "./small-float.ts";
import { type Tensor, type TensorData, allocate } from "./tensor.ts";

export interface ConvertOptions {
  /** For 8-bit floats: whether numbers out of range become the largest one, or infinity or NaN. */
  readonly saturate: boolean;
  /** For float8e8m0. */
  readonly rounding: PowerRounding;
}

/**
 * The numbers of a tensor in another element type.
 *
 *   to float    nearest, ties to even; out of range is infinite (8 bits and fewer: see `roundToFormat`)
 *   to integer  floats lose their fraction; integers keep their low bits (two's complement)
 *   to bool     0 is false, all else true
 *
 * A float out of an integer's range is undefined in ONNX; here its low bits are kept, and NaN and infinities give 0.
 * Source: onnx.ai/onnx/operators/onnx__Cast.html
 */
export function convertTensor(tensor: Tensor, to: DType, options: ConvertOptions): Tensor {
  const { shape, data: from } = tensor;
  const data = allocate(to, from.length);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) toBig(from, data);
  else if (to === "bool") for (let i = 0; i < from.length; i++) data[i] = Number(from[i]) === 0 ? 0 : 1;
  else if (dtypes[to].kind === "float") toFloat(from, { to, data, options });
  else toSmallInteger(from, { bits: dtypes[to].bits, signed: dtypes[to].kind === "signed", data });
  return { dtype: to, shape, data };
}

function toBig(from: TensorData, data: BigInt64Array | BigUint64Array): void {
  for (let i = 0; i < from.length; i++) {
    const x = from[i] ?? 0;
    data[i] = typeof x === "bigint" ? x : Number.isFinite(x) ? BigInt(Math.trunc(x)) : 0n;
  }
}

type RealArray = Exclude<TensorData, BigInt64Array | BigUint64Array>;

function toFloat(from: TensorData, { to, data, options }: { readonly to: DType; readonly data: RealArray; readonly options: ConvertOptions }): void {
  const round = rounderOf(to, options);
  for (let i = 0; i < from.length; i++) data[i] = round === null ? Number(from[i]) : round(Number(from[i]));
}

/** Rounds a double to a type that the typed array itself does not round to; null for float32 and float64. */
export function rounderOf(dtype: DType, { saturate, rounding }: ConvertOptions): ((x: number) => number) | null {
  if (dtype === "float8e8m0") return (x) => roundToPower(x, rounding, saturate);
  if (!isSmallFloat(dtype)) return null;
  const format = smallFloats[dtype];
  const saturates = saturate && dtypes[dtype].bits === 8;
  return (x) => roundToFormat(x, format, saturates);
}

function toSmallInteger(from: TensorData, to: { readonly bits: number; readonly signed: boolean; readonly data: RealArray }): void {
  const mask = 2 ** to.bits - 1;
  const signBit = to.signed ? 2 ** (to.bits - 1) : 0;
  for (let i = 0; i < from.length; i++) {
    const x = from[i] ?? 0;
    const low = typeof x === "bigint" ? Number(BigInt.asIntN(32, x)) : x;
    // `|` and `^` take a number modulo 2^32 after dropping its fraction; wider types wrap as they are stored.
    to.data[i] = to.bits === 32 ? low : (((low | 0) & mask) ^ signBit) - signBit;
  }
}
