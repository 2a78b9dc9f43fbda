import { type Quant, type Tensor, type Value, invariant } from "@edgewise/graph";
import { decodeConstant, dequantizeTensor } from "@edgewise/graph/ops";
import { numbers } from "../literal.ts";
import { type MilNumbers, tensorType } from "../mil.ts";
import { isAtLeast } from "../target.ts";
import { type Draft, addConst, computedDType } from "./draft.ts";
import { addPalette } from "./palette.ts";
import { addQuantized } from "./quantized-constant.ts";

/** Fewer numbers than this are not worth a table or a scale of their own. */
const SMALLEST_COMPRESSED = 64;

/**
 * The reals of a constant, as an operation of the program; its name is returned.
 *
 *   int8 or uint8 with a fact: as stored, dequantized by the system (from iOS 16); biases and other facts: dequantized here
 *   at most 16 different numbers, where palettes are asked for: 4-bit indices (from iOS 16)
 *   else as they are, in the type that is computed with
 */
export function addConstant(draft: Draft, value: Value): string {
  const shape = fixedShape(value);
  const count = shape.reduce((product, dim) => product * dim, 1);
  const { quant } = value;
  if (quant !== null && (value.dtype === "int8" || value.dtype === "uint8") && isAtLeast(draft.target, "iOS16")) return addQuantized(draft, { value, quant, shape });
  const tensor = realTensor(value);
  const dtype = computedDType(draft, value.dtype, quant !== null);
  if (draft.palettes && count >= SMALLEST_COMPRESSED && (dtype === "fp16" || dtype === "fp32") && isAtLeast(draft.target, "iOS16")) {
    const name = addPalette(draft, value.id, { dtype, tensor });
    if (name !== null) return name;
  }
  return addConst(draft, value.id, milNumbers(draft, value, tensor));
}

function milNumbers(draft: Draft, value: Value, tensor: Tensor): MilNumbers {
  const dtype = computedDType(draft, value.dtype, value.quant !== null);
  const same = (dtype === "fp32" && value.dtype === "float32") || (dtype === "fp16" && value.dtype === "float16");
  if (same && value.quant === null && value.constant !== null) return { kind: "numbers", type: tensorType(dtype, tensor.shape), bytes: value.constant.bytes };
  return numbers(dtype, tensor.shape, Array.from(tensor.data, Number));
}

/** A constant's contents as the numbers they stand for. */
export function realTensor(value: Value): Tensor {
  const tensor = decodeConstant(value);
  const quant: Quant | null = value.quant;
  return quant === null ? tensor : dequantizeTensor({ tensor, quant });
}

export function fixedShape(value: Value): readonly number[] {
  return (value.shape ?? []).map((dim) => {
    invariant(typeof dim === "number", `the constant ${value.id} has numeric dims`);
    return dim;
  });
}
