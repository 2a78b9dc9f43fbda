import type { OpDef } from "../op.ts";
import { addInt8 } from "./add.int8.ts";
import { arithmetic } from "./arithmetic.ts";

/**
 * Sum of two tensors.
 *
 *   C = A + B, with broadcasting, then the fused clamp; integers wrap
 *
 * A, B any number type, one for both → C. Errors: see arithmetic.ts.
 * Source: onnx.ai/onnx/operators/onnx__Add.html
 */
export const add: OpDef = arithmetic({
  name: "Add",
  summary: "c = a + b",
  spec: "https://onnx.ai/onnx/operators/onnx__Add.html",
  reals(a, b, y) {
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as number) + (b[i] as number);
  },
  bigs(a, b, y) {
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as bigint) + (b[i] as bigint);
  },
  dims(a, b) {
    if (typeof a === "number" && typeof b === "number") return a + b;
    return b === 0 ? a : a === 0 ? b : null;
  },
  evaluateInt8: addInt8,
});
