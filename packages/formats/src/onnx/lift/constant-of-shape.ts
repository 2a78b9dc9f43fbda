import { elementCount } from "@edgewise/graph";
import { listed } from "../constants.ts";
import { MAX_DIM } from "../limits.ts";
import type { Lift } from "./lift.ts";

/** ConstantOfShape of a shape that is known before running → a constant; its element defaults to a float32 zero. */
export const liftConstantOfShape: Lift = (node, context) => {
  const dims = context.factOf(node.inputs[0] ?? "")?.elements ?? null;
  if (dims === null || !dims.every((dim) => typeof dim === "number")) return { refused: "its shape is not known before running" };
  const one = node.tensors["value"] ?? listed("float32", [1], [0]);
  if (elementCount(one.shape) !== 1 || dims.some((dim) => dim < 0 || dim > MAX_DIM)) return { refused: "its shape or its element is not one" };
  const bytes = one.bytes.length * elementCount(dims);
  if (!context.mayFill(bytes)) return { refused: "its result is larger than any constant should be" };
  const filled = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += one.bytes.length) filled.set(one.bytes, at);
  const value = context.constant(`${node.outputs[0]}.filled`, { dtype: one.dtype, shape: dims, bytes: filled });
  return [{ ...node, opType: "Identity", inputs: [value], attrs: {}, tensors: {} }];
};
