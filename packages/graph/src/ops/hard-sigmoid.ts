import type { OpDef } from "../op.ts";
import { realAttr } from "./attribute.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Piecewise linear sigmoid.
 *
 *   y = max(0, min(1, alpha · x + beta)); alpha 0.2, beta 0.5 unless given
 *
 * x [any] float → y same shape and type. No int8 form. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__HardSigmoid.html
 */
export const hardSigmoid: OpDef = elementwise({
  name: "HardSigmoid",
  summary: "y = clamp(alpha · x + beta, 0, 1)",
  spec: "https://onnx.ai/onnx/operators/onnx__HardSigmoid.html",
  reals(x, y, attrs) {
    const alpha = realAttr(attrs, "alpha", 0.2);
    const beta = realAttr(attrs, "beta", 0.5);
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      y[i] = Math.max(0, Math.min(1, alpha * value + beta));
    }
  },
});
