import type { OpDef } from "../op.ts";
import { mulInt8 } from "./mul.int8.ts";
import { arithmetic } from "./arithmetic.ts";

/**
 * Product of two tensors.
 *
 *   C = A · B, with broadcasting, then the fused clamp; integers wrap
 *
 * A, B any number type, one for both → C. Errors: see arithmetic.ts.
 * Source: onnx.ai/onnx/operators/onnx__Mul.html
 */
export const mul: OpDef = arithmetic({
  name: "Mul",
  summary: "c = a · b",
  spec: "https://onnx.ai/onnx/operators/onnx__Mul.html",
  reals(a, b, y) {
    if (y instanceof Int32Array || y instanceof Uint32Array) {
      // A double cannot hold the product of two 32-bit numbers; imul keeps its low 32 bits.
      for (let i = 0; i < y.length; i++) y[i] = Math.imul(a[i] as number, b[i] as number);
      return;
    }
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as number) * (b[i] as number);
  },
  bigs(a, b, y) {
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as bigint) * (b[i] as bigint);
  },
  dims(a, b) {
    if (typeof a === "number" && typeof b === "number") return a * b;
    return b === 1 ? a : a === 1 ? b : null;
  },
  evaluateInt8: mulInt8,
});
