import { decodeTensor } from "@edgewise/graph/ops";
import { MAX_RANK } from "../limits.ts";
import type { Operand } from "../operand.ts";

/** The contents of a constant list of axes, sizes or pads; null for one that is computed, too long, or not of integers. */
export function numbersIn(operand: Operand | null | undefined): readonly number[] | null {
  if (!operand?.stored || (operand.dtype !== "int32" && operand.dtype !== "int64")) return null;
  if (operand.shape.reduce((product, dim) => product * dim, 1) > 2 * MAX_RANK) return null;
  return Array.from(decodeTensor(operand.dtype, operand.shape, operand.stored).data, Number);
}
