import type { OpDef } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { clipInt8 } from "./activation.int8.ts";
import { countOf } from "./dims.ts";
import { type BigArray, type RealArray, isBig, required } from "./operand.ts";
import { resultOf, roomFor } from "./result.ts";

/**
 * Limits numbers to a range.
 *
 *   y = min(max(x, min), max); a bound that is left out does not limit; min above max gives max everywhere
 *
 * input [any] number, min and max scalars of its type → output same shape and type; NaN stays NaN. Errors: missing input.
 * Source: onnx.ai/onnx/operators/onnx__Clip.html
 */
export const clip: OpDef = {
  name: "Clip",
  summary: "y = clamp(x, min, max)",
  spec: "https://onnx.ai/onnx/operators/onnx__Clip.html",
  inputs: ["input", "min?", "max?"],
  infer(inputs) {
    const x = required(inputs[0], "input");
    return [{ dtype: x.dtype, shape: x.shape, elements: null }];
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
  evaluate(inputs) {
    const x = required(inputs[0], "input");
    const data = roomFor(x.dtype, x.data.length);
    if (isBig(x.data) && isBig(data)) clipBigs(x.data, data, inputs);
    else if (!isBig(x.data) && !isBig(data)) clipReals(x.data, data, inputs);
    return [resultOf(x.dtype, x.shape, data)];
  },
  evaluateInt8: clipInt8,
};

function clipReals(x: RealArray, y: RealArray, [, min, max]: readonly (Tensor | null)[]): void {
  const low = Number(min?.data[0] ?? -Infinity);
  const high = Number(max?.data[0] ?? Infinity);
  for (let i = 0; i < x.length; i++) {
    const value = x[i] as number;
    const raised = value < low ? low : value;
    y[i] = raised > high ? high : raised;
  }
}

function clipBigs(x: BigArray, y: BigArray, [, min, max]: readonly (Tensor | null)[]): void {
  const low = min?.data[0];
  const high = max?.data[0];
  for (let i = 0; i < x.length; i++) {
    const value = x[i] as bigint;
    const raised = typeof low === "bigint" && value < low ? low : value;
    y[i] = typeof high === "bigint" && raised > high ? high : raised;
  }
}
