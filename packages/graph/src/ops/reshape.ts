import type { Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { wholeAttr } from "./attribute.ts";
import { productOf, quotientOf } from "./dims.ts";
import { reshaping } from "./reshaping.ts";

/**
 * Gives a tensor another shape.
 *
 *   0 keeps the dim of data at that place (allowzero 1: means 0); one −1 takes what is left; names pass through
 *
 * data [any], shape int64 [rank] → reshaped, same elements. Errors: OP_SHAPE when the element counts differ, or when
 *   −1 stands beside a dim of 0.
 * Source: onnx.ai/onnx/operators/onnx__Reshape.html
 */
export const reshape: OpDef = reshaping({
  name: "Reshape",
  summary: "gives a tensor another shape",
  spec: "https://onnx.ai/onnx/operators/onnx__Reshape.html",
  inputs: ["data", "shape"],
  shape(from, wanted, attrs) {
    if (wanted === null) throw new OpError("OP_INPUT", "input shape is missing");
    const keepZero = wholeAttr(attrs, "allowzero", 0) === 1;
    const dims = wanted.map((dim, axis) => (dim === 0 && !keepZero ? keptDim(from, axis) : dim));
    const open = dims.indexOf(-1);
    if (dims.filter((dim) => dim === -1).length > 1) throw new OpError("OP_INPUT", `shape [${wanted.join(", ")}] leaves more than one dim open`);
    const others = dims.filter((dim) => dim !== null && dim !== -1) as readonly Dim[]; // nulls are gone
    if (others.length < dims.length - (open < 0 ? 0 : 1)) return null;
    if (open < 0) {
      checkCount(from, others);
      return others;
    }
    if (others.every((dim) => typeof dim === "number") && from.every((dim) => typeof dim === "number")) checkDivides(from, others);
    const rest = quotientOf(from, others);
    return rest === null ? null : others.toSpliced(open, 0, rest);
  },
});

function keptDim(from: readonly Dim[], axis: number): Dim {
  const dim = from[axis];
  if (dim === undefined) throw new OpError("OP_INPUT", `shape keeps dim ${axis} of [${from.join(", ")}], which has none`);
  return dim;
}

function checkCount(from: readonly Dim[], to: readonly Dim[]): void {
  const before = productOf(from);
  const after = productOf(to);
  if (typeof before === "number" && typeof after === "number" && before !== after) throw mismatch(from, to);
}

function checkDivides(from: readonly Dim[], others: readonly Dim[]): void {
  const before = Number(productOf(from));
  const parts = Number(productOf(others));
  if (parts === 0 || before % parts !== 0) throw mismatch(from, others);
}

function mismatch(from: readonly Dim[], to: readonly Dim[]): OpError {
  return new OpError("OP_SHAPE", `[${from.join(", ")}] does not have the elements of [${to.join(", ")}]`);
}
