import type { OpDef } from "../op.ts";
import { arithmetic } from "./arithmetic.ts";
import { extremumInt8 } from "./extremum.int8.ts";

/**
 * Larger of two tensors' numbers.
 *
 *   C = max(A, B), with broadcasting; NaN where either is NaN
 *
 * A, B any number type, one for both → C. ONNX takes any number of operands; the reader makes a chain of pairs.
 * Errors: see arithmetic.ts. Source: onnx.ai/onnx/operators/onnx__Max.html
 */
export const max: OpDef = arithmetic({
  name: "Max",
  summary: "the larger of a and b",
  spec: "https://onnx.ai/onnx/operators/onnx__Max.html",
  reals(a, b, y) {
    for (let i = 0; i < y.length; i++) y[i] = Math.max(a[i] as number, b[i] as number);
  },
  bigs(a, b, y) {
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as bigint) > (b[i] as bigint) ? (a[i] as bigint) : (b[i] as bigint);
  },
  dims(a, b) {
    if (typeof a === "number" && typeof b === "number") return Math.max(a, b);
    return a === b ? a : null;
  },
  evaluateInt8: extremumInt8(Math.max),
});
