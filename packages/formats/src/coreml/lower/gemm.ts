import { type Tensor, elementCount } from "@edgewise/graph";
import { bool, numbers } from "../literal.ts";
import type { MilNumbers } from "../mil.ts";
import { addConstant, realTensor } from "./constant.ts";
import { transposedConstant } from "./transposed-constant.ts";
import { type Lowering, type Use, between, give, inputType, inputValue, nameOf, operand, outputType, real, realAttr, wholeAttr } from "./use.ts";

/**
 * Gemm → linear, where B and C are constant and A and the product are taken as they are; else matmul, mul and add.
 *
 *   linear: y = x · weightᵀ + bias, weight [N, K], bias [N]
 *
 * Source: apple.github.io/coremltools, MIL ops, linear and matmul
 */
export const lowerGemm: Lowering = (use) => {
  const bias = linearBias(use);
  const weight = inputValue(use, 1);
  if (bias === null || weight === null || weight.constant === null || wholeAttr(use, "transA", 0) === 1 || realAttr(use, "alpha", 1) !== 1) {
    lowerProduct(use);
    return;
  }
  const name = wholeAttr(use, "transB", 0) === 1 ? nameOf(use.draft, weight.id) : addConstant(use.draft, transposedConstant(weight));
  give(use, "linear", { x: operand(use, 0), weight: name, ...bias });
};

/** C as a constant row of N numbers; {} without C; null when C is something else. */
function linearBias(use: Use): { readonly bias?: MilNumbers } | null {
  const c = inputValue(use, 2);
  if (c === null) return {};
  const columns = outputType(use).shape[1] ?? null;
  if (c.constant === null || columns === null) return null;
  const tensor = realTensor(c);
  const beta = realAttr(use, "beta", 1);
  if (tensor.shape.at(-1) !== columns && tensor.data.length !== 1) return null;
  if (elementCount(tensor.shape.slice(0, -1)) !== 1) return null;
  return { bias: numbers(outputType(use).dtype, [columns], rowOf(tensor, columns).map((entry) => beta * entry)) };
}

function rowOf({ data }: Tensor, columns: number): readonly number[] {
  return Array.from({ length: columns }, (_, index) => Number(data[data.length === 1 ? 0 : index]));
}

function lowerProduct(use: Use): void {
  const c = inputValue(use, 2);
  const [alpha, beta] = [realAttr(use, "alpha", 1), realAttr(use, "beta", 1)];
  const inputs = { x: operand(use, 0), y: operand(use, 1), transpose_x: bool(wholeAttr(use, "transA", 0) === 1), transpose_y: bool(wholeAttr(use, "transB", 0) === 1) };
  if (c === null && alpha === 1) {
    give(use, "matmul", inputs);
    return;
  }
  const product = between(use, "matmul", { inputs });
  if (c === null) {
    give(use, "mul", { x: product, y: real(use, alpha) });
    return;
  }
  const scaled = alpha === 1 ? product : between(use, "mul", { inputs: { x: product, y: real(use, alpha) } });
  const added = beta === 1 ? operand(use, 2) : between(use, "mul", { inputs: { x: operand(use, 2), y: real(use, beta) }, output: inputType(use, 2) });
  give(use, "add", { x: scaled, y: added });
}
