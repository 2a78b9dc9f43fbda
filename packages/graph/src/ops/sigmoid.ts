import type { OpDef } from "../op.ts";
import { sigmoidInt8 } from "./activation.int8.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Logistic function.
 *
 *   y = 1 / (1 + e^−x), computed on the side of e^−|x| so that it cannot overflow
 *
 * x [any] float → y same shape and type. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__Sigmoid.html
 */
export const sigmoid: OpDef = elementwise({
  name: "Sigmoid",
  summary: "y = 1 / (1 + e^−x)",
  spec: "https://onnx.ai/onnx/operators/onnx__Sigmoid.html",
  reals(x, y) {
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      const power = Math.exp(-Math.abs(value));
      y[i] = (value < 0 ? power : 1) / (1 + power);
    }
  },
  evaluateInt8: sigmoidInt8,
});
