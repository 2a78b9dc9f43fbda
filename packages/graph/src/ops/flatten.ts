import type { OpDef } from "../op.ts";
import { wholeAttr } from "./attribute.ts";
import { productOf } from "./dims.ts";
import { axisFrom } from "./parameter.ts";
import { reshaping } from "./reshaping.ts";

/**
 * Makes a matrix of a tensor.
 *
 *   [d0 … dn] → [d0 · … · d(axis−1), d(axis) · … · dn]; axis 1 unless given, negative from the back
 *
 * input [any] → matrix, same elements. Errors: OP_ATTRIBUTE for an axis outside of the shape.
 * Source: onnx.ai/onnx/operators/onnx__Flatten.html
 */
export const flatten: OpDef = reshaping({
  name: "Flatten",
  summary: "makes a matrix of a tensor",
  spec: "https://onnx.ai/onnx/operators/onnx__Flatten.html",
  inputs: ["input"],
  shape(from, _parameter, attrs) {
    const axis = wholeAttr(attrs, "axis", 1);
    const split = axis === from.length ? axis : axisFrom(axis, from.length);
    const rows = productOf(from.slice(0, split));
    const columns = productOf(from.slice(split));
    return rows === null || columns === null ? null : [rows, columns];
  },
});
