import type { OpDef } from "../op.ts";
import { hardSwishInt8 } from "./hard-swish.int8.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Piecewise quadratic swish.
 *
 *   y = x · max(0, min(1, x / 6 + 1/2))
 *
 * x [any] float → y same shape and type. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__HardSwish.html
 */
export const hardSwish: OpDef = elementwise({
  name: "HardSwish",
  summary: "y = x · clamp(x / 6 + 1/2, 0, 1)",
  spec: "https://onnx.ai/onnx/operators/onnx__HardSwish.html",
  reals(x, y) {
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      y[i] = value * Math.max(0, Math.min(1, value / 6 + 0.5));
    }
  },
  evaluateInt8: hardSwishInt8,
});
