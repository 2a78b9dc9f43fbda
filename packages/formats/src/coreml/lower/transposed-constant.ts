import { type Tensor, type Value, allocate } from "@edgewise/graph";
import { decodeConstant, encodeTensor } from "@edgewise/graph/ops";

/** A constant matrix transposed: contents [rows, columns] → [columns, rows]; the axis of its fact moves along. */
export function transposedConstant(value: Value): Value {
  const { dtype, shape: [rows = 0, columns = 0], data } = decodeConstant(value);
  const turned = allocate(dtype, data.length);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column] as never; // the same array type
  const tensor: Tensor = { dtype, shape: [columns, rows], data: turned };
  const quant = value.quant === null || value.quant.axis === null ? value.quant : { ...value.quant, axis: 1 - value.quant.axis };
  return { ...value, shape: tensor.shape, quant, constant: { bytes: encodeTensor(tensor) } };
}
