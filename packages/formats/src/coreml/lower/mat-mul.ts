import { bool } from "../literal.ts";
import { type Lowering, give, inputType, operand, refuse } from "./use.ts";

/** MatMul → matmul; leading dims broadcast in both. Vectors are refused: there the two differ. Source: apple.github.io/coremltools, MIL ops, matmul */
export const lowerMatMul: Lowering = (use) => {
  const ranks = [inputType(use, 0).shape.length, inputType(use, 1).shape.length];
  if (ranks.some((rank) => rank < 2)) {
    refuse(use, { summary: "A product with a vector is not emitted", found: `operands of rank ${ranks.join(" and ")}`, expected: "at least 2 dims each", fix: "Give the vector a second dim of 1." });
    return;
  }
  give(use, "matmul", { x: operand(use, 0), y: operand(use, 1), transpose_x: bool(false), transpose_y: bool(false) });
};
