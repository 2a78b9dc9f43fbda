import type { Value } from "@edgewise/graph";
import { decodeConstant, dequantizeTensor } from "@edgewise/graph/ops";

/** A constant's contents as the real numbers that it stands for, row-major: floats, or stored numbers by their fact. */
export function realData(value: Value): Float64Array {
  const tensor = decodeConstant(value);
  const { data } = value.quant ? dequantizeTensor({ tensor, quant: value.quant }) : tensor;
  return Float64Array.from(data as ArrayLike<number>); // float kinds are held in Float32Array and Float64Array
}
