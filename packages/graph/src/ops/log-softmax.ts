import type { OpDef } from "../op.ts";
import { alongAxis } from "./along-axis.ts";

/**
 * Logarithm of softmax.
 *
 *   y = x − max − log(Σ e^(x − max)) along axis; axis −1 unless given
 *
 * input [any] float → output same shape and type. No int8 form. Errors: OP_ATTRIBUTE for an axis outside of the shape.
 * Source: onnx.ai/onnx/operators/onnx__LogSoftmax.html
 */
export const logSoftmax: OpDef = alongAxis({
  name: "LogSoftmax",
  summary: "y = log(softmax(x)) along an axis",
  spec: "https://onnx.ai/onnx/operators/onnx__LogSoftmax.html",
  line(x, { start, step, count, max }, y) {
    let sum = 0;
    for (let i = 0, at = start; i < count; i++, at += step) sum += Math.exp((x[at] as number) - max);
    const log = Math.log(sum);
    for (let i = 0, at = start; i < count; i++, at += step) y[at] = (x[at] as number) - max - log;
  },
});
