import type { OpDef } from "../op.ts";
import { eluInt8 } from "./activation.int8.ts";
import { realAttr } from "./attribute.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Exponential linear unit.
 *
 *   y = x from 0 up, alpha · (e^x − 1) below; alpha 1 unless given
 *
 * x [any] float → y same shape and type. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__Elu.html
 */
export const elu: OpDef = elementwise({
  name: "Elu",
  summary: "y = x, or alpha · (e^x − 1) below 0",
  spec: "https://onnx.ai/onnx/operators/onnx__Elu.html",
  reals(x, y, attrs) {
    const alpha = realAttr(attrs, "alpha", 1);
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      y[i] = value < 0 ? alpha * Math.expm1(value) : value;
    }
  },
  evaluateInt8: eluInt8,
});
