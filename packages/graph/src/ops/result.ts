import { rounderOf } from "../convert.ts";
import type { DType } from "../dtype.ts";
import { dtypes } from "../dtype.ts";
import { type Tensor, type TensorData, allocate } from "../tensor.ts";

/** Room to compute a result in: doubles for floats below 32 bits, so that they are rounded once; else the type itself. */
export function roomFor(dtype: DType, elements: number): TensorData {
  return dtypes[dtype].kind === "float" && dtypes[dtype].bits < 32 ? new Float64Array(elements) : allocate(dtype, elements);
}

/** A result of the given type; doubles are rounded to it, once. */
export function resultOf(dtype: DType, shape: readonly number[], data: TensorData): Tensor {
  if (dtype === "float64" || !(data instanceof Float64Array)) return { dtype, shape, data };
  const stored = allocate(dtype, data.length);
  const round = rounderOf(dtype, { saturate: true, rounding: "up" });
  if (round === null) stored.set(data as never); // a float or a narrow integer type takes doubles
  else for (let i = 0; i < data.length; i++) stored[i] = round(data[i] as number);
  return { dtype, shape, data: stored };
}
