import { OpError, type OpDef } from "../op.ts";
import { expandTo } from "./broadcast.ts";
import { countOf } from "./dims.ts";
import { isBig, required } from "./operand.ts";
import { preluInt8 } from "./p-relu.int8.ts";
import { resultOf, roomFor } from "./result.ts";

/**
 * Rectified linear unit with a learned slope below zero.
 *
 *   y = x from 0 up, slope · x below; slope repeats to fill X's shape
 *
 * X [any] number, slope of the same type → Y same shape and type. Errors: OP_SHAPE when slope does not fit into X.
 * Source: onnx.ai/onnx/operators/onnx__PRelu.html
 */
export const pRelu: OpDef = {
  name: "PRelu",
  summary: "y = x, or slope · x below 0",
  spec: "https://onnx.ai/onnx/operators/onnx__PRelu.html",
  inputs: ["X", "slope"],
  infer(inputs) {
    const x = required(inputs[0], "X");
    const slope = required(inputs[1], "slope");
    if (x.shape && slope.shape && slope.shape.length > x.shape.length) throw tooLarge(x.shape, slope.shape);
    return [{ dtype: x.dtype, shape: x.shape, elements: null }];
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
  evaluate(inputs) {
    const x = required(inputs[0], "X");
    const slope = required(inputs[1], "slope");
    const offset = x.shape.length - slope.shape.length;
    if (offset < 0 || slope.shape.some((dim, axis) => dim !== 1 && dim !== x.shape[axis + offset])) throw tooLarge(x.shape, slope.shape);
    const slopes = expandTo(slope, x.shape);
    const data = roomFor(x.dtype, x.data.length);
    if (isBig(x.data) && isBig(slopes) && isBig(data)) {
      for (let i = 0; i < data.length; i++) data[i] = (x.data[i] as bigint) < 0n ? (slopes[i] as bigint) * (x.data[i] as bigint) : (x.data[i] as bigint);
    } else if (!isBig(x.data) && !isBig(slopes) && !isBig(data)) {
      for (let i = 0; i < data.length; i++) data[i] = (x.data[i] as number) < 0 ? (slopes[i] as number) * (x.data[i] as number) : (x.data[i] as number);
    } else throw new OpError("OP_DTYPE", `X and slope have different types, ${x.dtype} and ${slope.dtype}`);
    return [resultOf(x.dtype, x.shape, data)];
  },
  evaluateInt8: preluInt8,
};

function tooLarge(x: readonly unknown[], slope: readonly unknown[]): OpError {
  return new OpError("OP_SHAPE", `slope [${slope.join(", ")}] does not repeat to [${x.join(", ")}]`);
}
