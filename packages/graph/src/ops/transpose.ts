import type { Attrs } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { wholesAttr } from "./attribute.ts";
import { movedElements } from "./known-elements.ts";
import { gathered, stridesOf } from "./move.ts";
import { movedInt8 } from "./moves.int8.ts";
import { required } from "./operand.ts";

/**
 * Permutes dims.
 *
 *   output dim i = input dim perm[i]; all dims reversed unless perm is given
 *
 * data [any] any type → transposed, same type. Errors: OP_ATTRIBUTE for a perm that is not a permutation of the dims.
 * Source: onnx.ai/onnx/operators/onnx__Transpose.html
 */
export const transpose: OpDef = {
  name: "Transpose",
  summary: "permutes dims",
  spec: "https://onnx.ai/onnx/operators/onnx__Transpose.html",
  inputs: ["data"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "data");
    if (x.shape === null) return [{ dtype: x.dtype, shape: null, elements: null }];
    const { shape } = x;
    const elements = movedElements({ evaluate, inputs, attrs, outputCount: 1, moves: () => true });
    return [{ dtype: x.dtype, shape: permOf(attrs, shape.length).map((axis) => shape[axis] ?? 1), elements: elements?.[0] ?? null }];
  },
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate,
  evaluateInt8: movedInt8(evaluate),
};

function evaluate(inputs: Parameters<OpDef["evaluate"]>[0], attrs: Attrs): ReturnType<OpDef["evaluate"]> {
  const x = required(inputs[0], "data");
  const perm = permOf(attrs, x.shape.length);
  const strides = stridesOf(x.shape);
  return [gathered(x, { shape: perm.map((axis) => x.shape[axis] ?? 1), strides: perm.map((axis) => strides[axis] ?? 1), offset: 0 })];
}

function permOf(attrs: Attrs, rank: number): readonly number[] {
  const reversed = Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  const perm = wholesAttr(attrs, "perm") ?? reversed;
  if (perm.length === rank && reversed.every((axis) => perm.includes(axis))) return perm;
  throw new OpError("OP_ATTRIBUTE", `perm ${perm.join(", ")} does not permute ${rank} dims`);
}
