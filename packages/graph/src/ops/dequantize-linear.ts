import { dtypes } from "../dtype.ts";
import { OpError, type OpDef } from "../op.ts";
import { requireZeroPoints, scalePositions } from "./affine-linear.ts";
import { dtypeAttr } from "./attribute.ts";
import { countOf } from "./dims.ts";
import { realsOf, required } from "./operand.ts";
import { resultOf } from "./result.ts";

/**
 * Stored numbers to reals, as a file states it.
 *
 *   y = (x − x_zero_point) · x_scale, in double, rounded once to output_dtype (a type's name), or x_scale's type
 *
 * x [any] integer up to 32 bits or 8- or 4-bit float; x_scale, x_zero_point a scalar, [D(axis)], or blocks (see
 * affine-linear.ts) → y same shape. Errors: OP_SHAPE, OP_DTYPE. Source: onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
export const dequantizeLinear: OpDef = {
  name: "DequantizeLinear",
  summary: "y = (x − zero point) · scale",
  spec: "https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html",
  inputs: ["x", "x_scale", "x_zero_point?"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "x");
    const scale = required(inputs[1], "x_scale");
    return [{ dtype: dtypeAttr(attrs, "output_dtype") ?? scale.dtype, shape: x.shape, elements: null }];
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
  evaluate(inputs, attrs) {
    const x = required(inputs[0], "x");
    const scale = required(inputs[1], "x_scale");
    const zeroPoint = inputs[2] ?? null;
    requireZeroPoints(zeroPoint, scale);
    const dtype = dtypeAttr(attrs, "output_dtype") ?? scale.dtype;
    if (dtypes[dtype].kind !== "float") throw new OpError("OP_DTYPE", `DequantizeLinear does not give ${dtype}`);
    const from = realsOf(x, "x");
    const scales = realsOf(scale, "x_scale");
    const zeros = zeroPoint && realsOf(zeroPoint, "x_zero_point");
    const at = scalePositions(x.shape, scale.shape, attrs);
    const data = new Float64Array(from.length);
    for (let i = 0; i < data.length; i++) {
      const position = at(i);
      data[i] = ((from[i] as number) - (zeros ? (zeros[position] as number) : 0)) * (scales[position] as number);
    }
    return [resultOf(dtype, x.shape, data)];
  },
};
