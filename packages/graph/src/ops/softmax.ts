import type { OpDef } from "../op.ts";
import { softmaxInt8 } from "./softmax.int8.ts";
import { alongAxis } from "./along-axis.ts";

/**
 * Shares of a sum of exponentials.
 *
 *   y = e^(x − max) / Σ e^(x − max) along axis; axis −1 unless given
 *
 * input [any] float → output same shape and type. Errors: OP_ATTRIBUTE for an axis outside of the shape.
 * Source: onnx.ai/onnx/operators/onnx__Softmax.html
 */
export const softmax: OpDef = alongAxis({
  name: "Softmax",
  summary: "y = e^x / Σ e^x along an axis",
  spec: "https://onnx.ai/onnx/operators/onnx__Softmax.html",
  line(x, { start, step, count, max }, y) {
    let sum = 0;
    for (let i = 0, at = start; i < count; i++, at += step) sum += Math.exp((x[at] as number) - max);
    for (let i = 0, at = start; i < count; i++, at += step) y[at] = Math.exp((x[at] as number) - max) / sum;
  },
  evaluateInt8: softmaxInt8,
});
