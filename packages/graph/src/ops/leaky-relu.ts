import type { OpDef } from "../op.ts";
import { leakyReluInt8 } from "./activation.int8.ts";
import { realAttr } from "./attribute.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Rectified linear unit with a slope below zero.
 *
 *   y = x from 0 up, alpha · x below; alpha 0.01 unless given
 *
 * x [any] float → y same shape and type. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__LeakyRelu.html
 */
export const leakyRelu: OpDef = elementwise({
  name: "LeakyRelu",
  summary: "y = x, or alpha · x below 0",
  spec: "https://onnx.ai/onnx/operators/onnx__LeakyRelu.html",
  reals(x, y, attrs) {
    const alpha = realAttr(attrs, "alpha", 0.01);
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      y[i] = value < 0 ? alpha * value : value;
    }
  },
  evaluateInt8: leakyReluInt8,
});
