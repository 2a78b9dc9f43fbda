import type { OpDef } from "../op.ts";
import { tanhInt8 } from "./activation.int8.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Hyperbolic tangent.
 *
 *   y = tanh(x)
 *
 * x [any] float → y same shape and type. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__Tanh.html
 */
export const tanh: OpDef = elementwise({
  name: "Tanh",
  summary: "y = tanh(x)",
  spec: "https://onnx.ai/onnx/operators/onnx__Tanh.html",
  reals(x, y) {
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      y[i] = Math.tanh(value);
    }
  },
  evaluateInt8: tanhInt8,
});
