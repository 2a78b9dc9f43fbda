import { OpError, type OpDef } from "../op.ts";
import { arithmetic } from "./arithmetic.ts";

/**
 * Quotient of two tensors.
 *
 *   C = A / B, with broadcasting; integer quotients lose their fraction (towards zero)
 *
 * A, B any number type, one for both → C. No int8 form. Errors: OP_INPUT for an integer divided by zero; see arithmetic.ts.
 * Source: onnx.ai/onnx/operators/onnx__Div.html
 */
export const div: OpDef = arithmetic({
  name: "Div",
  summary: "c = a / b",
  spec: "https://onnx.ai/onnx/operators/onnx__Div.html",
  reals(a, b, y) {
    if (y instanceof Float32Array || y instanceof Float64Array) {
      for (let i = 0; i < y.length; i++) y[i] = (a[i] as number) / (b[i] as number);
      return;
    }
    for (let i = 0; i < y.length; i++) y[i] = Math.trunc((a[i] as number) / nonZero(b[i] as number));
  },
  bigs(a, b, y) {
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as bigint) / nonZero(b[i] as bigint);
  },
  dims(a, b) {
    if (typeof a === "number" && typeof b === "number") return b === 0 ? null : Math.trunc(a / b);
    return b === 1 ? a : null;
  },
});

function nonZero<Whole extends number | bigint>(divisor: Whole): Whole {
  if (Number(divisor) === 0) throw new OpError("OP_INPUT", "an integer is divided by zero");
  return divisor;
}
