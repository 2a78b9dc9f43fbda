import type { OpDef } from "../op.ts";
import { reluInt8 } from "./activation.int8.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Rectified linear unit.
 *
 *   y = x above 0, else 0; NaN stays NaN
 *
 * x [any] signed number → y same shape and type. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__Relu.html
 */
export const relu: OpDef = elementwise({
  name: "Relu",
  summary: "y = max(x, 0)",
  spec: "https://onnx.ai/onnx/operators/onnx__Relu.html",
  reals(x, y) {
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      y[i] = value < 0 ? 0 : value;
    }
  },
  bigs(x, y) {
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as bigint;
      y[i] = value > 0n ? value : 0n;
    }
  },
  evaluateInt8: reluInt8,
});
