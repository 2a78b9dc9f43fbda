import { type DType, dtypes } from "../dtype.ts";
import type { Graph, Value, ValueId } from "../graph.ts";
import { resultOf } from "../ops/result.ts";
import { decodeConstant, encodeTensor } from "../tensor-codec.ts";

/** A float constant's contents in double, row-major. */
export interface RealConstant {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly dtype: DType;
}

/** Reads a float constant that carries no quantization fact; null for anything else. */
export function realConstant(graph: Graph, id: ValueId | null | undefined): RealConstant | null {
  const value = id === null || id === undefined ? undefined : graph.values.get(id);
  if (!value?.constant || value.quant || dtypes[value.dtype].kind !== "float") return null;
  const tensor = decodeConstant(value);
  return { shape: tensor.shape, dtype: value.dtype, data: Float64Array.from(tensor.data as Float32Array | Float64Array) }; // float kinds are held in these two
}

/** Whether all data that flows through these values is float without quantization facts. */
export function isReal(graph: Graph, ids: readonly (ValueId | null)[]): boolean {
  return ids.every((id) => {
    const value = id === null ? undefined : graph.values.get(id);
    return value === undefined || (value.quant === null && dtypes[value.dtype].kind === "float");
  });
}

/** A constant value of the given numbers, rounded once to `dtype`. */
export function makeConstant(id: ValueId, { shape, data, dtype }: RealConstant): Value {
  return { id, dtype, shape, quant: null, constant: { bytes: encodeTensor(resultOf(dtype, shape, data)) } };
}

export function makeIndexConstant(id: ValueId, numbers: readonly number[]): Value {
  const data = BigInt64Array.from(numbers, BigInt);
  const shape = [numbers.length];
  return { id, dtype: "int64", shape, quant: null, constant: { bytes: encodeTensor({ dtype: "int64", shape, data }) } };
}
