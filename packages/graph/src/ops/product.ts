import type { TensorData } from "../tensor.ts";
import type { BigArray, RealArray } from "./operand.ts";

/** Two matrices in their tensors: A [rows, depth] and B [columns, depth] (B transposed, so that both are read along rows). */
export interface Factors<Data> {
  readonly a: Data;
  readonly b: Data;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** C [rows, columns] = A · Bᵀ in double. Four rows of A at a time, so that each number of B is read once for four sums. */
export function realProduct({ a, b, rows, depth, columns }: Factors<RealArray>, into: Float64Array): void {
  const blocked = rows - (rows % 4);
  for (let i = 0; i < blocked; i += 4) {
    for (let j = 0; j < columns; j++) {
      let sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
      let x = i * depth;
      const end = (j + 1) * depth;
      for (let y = j * depth; y < end; y++, x++) {
        const factor = b[y] as number;
        sum0 += (a[x] as number) * factor;
        sum1 += (a[x + depth] as number) * factor;
        sum2 += (a[x + 2 * depth] as number) * factor;
        sum3 += (a[x + 3 * depth] as number) * factor;
      }
      into[i * columns + j] = sum0;
      into[(i + 1) * columns + j] = sum1;
      into[(i + 2) * columns + j] = sum2;
      into[(i + 3) * columns + j] = sum3;
    }
  }
  for (let i = blocked; i < rows; i++) {
    for (let j = 0; j < columns; j++) into[i * columns + j] = dot({ a, b, x: i * depth, y: j * depth }, depth);
  }
}

function dot({ a, b, x, y }: { readonly a: RealArray; readonly b: RealArray; readonly x: number; readonly y: number }, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[x + k] as number) * (b[y + k] as number);
  return sum;
}

/** The same in whole numbers of any size; the caller's type wraps them when stored. */
export function wholeProduct({ a, b, rows, depth, columns }: Factors<BigArray>, into: BigArray): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0n;
      for (let k = 0, x = i * depth, y = j * depth; k < depth; k++) sum += (a[x + k] as bigint) * (b[y + k] as bigint);
      into[i * columns + j] = sum;
    }
  }
}

/** [rows, columns] → [columns, rows]. */
export function transposedMatrix<Data extends TensorData>(from: Data, rows: number, columns: number): Data {
  const to = from.slice() as Data;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j] as never; // same array type
  return to;
}
