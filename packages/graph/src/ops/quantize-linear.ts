import { rounderOf } from "../convert.ts";
import { type DType, dtypes } from "../dtype.ts";
import type { Attrs } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { roundHalfEven } from "../rounding.ts";
import { type Tensor, allocate } from "../tensor.ts";
import { requireZeroPoints, scalePositions } from "./affine-linear.ts";
import { dtypeAttr, wholeAttr } from "./attribute.ts";
import { countOf } from "./dims.ts";
import { type RealArray, realsOf, required } from "./operand.ts";

/**
 * Reals to stored numbers, as a file states it.
 *
 *   y = saturate(round(x / y_scale) + y_zero_point), ties to even; the quotient has the type `precision`, or y_scale's
 *   8- and 4-bit floats: y = x / y_scale + y_zero_point, rounded to the type; saturate 0 lets it overflow
 *   y's type: output_dtype (a type's name), else y_zero_point's, else uint8
 *
 * x [any] float or int32; y_scale, y_zero_point a scalar, [D(axis)], or blocks (see affine-linear.ts) → y same shape.
 * Errors: OP_SHAPE, OP_DTYPE for a type wider than 16 bits. Source: onnx.ai/onnx/operators/onnx__QuantizeLinear.html
 */
export const quantizeLinear: OpDef = {
  name: "QuantizeLinear",
  summary: "y = saturate(round(x / scale) + zero point)",
  spec: "https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html",
  inputs: ["x", "y_scale", "y_zero_point?"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "x");
    return [{ dtype: storedType(inputs[2]?.dtype ?? null, attrs), shape: x.shape, elements: null }];
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
  evaluate(inputs, attrs) {
    const x = required(inputs[0], "x");
    const scale = required(inputs[1], "y_scale");
    const zeroPoint = inputs[2] ?? null;
    requireZeroPoints(zeroPoint, scale);
    const dtype = storedType(zeroPoint?.dtype ?? null, attrs);
    const data = allocate(dtype, x.data.length) as RealArray; // types above 16 bits are refused
    const quotients = quotientsOf(x, scale, attrs);
    if (zeroPoint) shift(quotients, { by: realsOf(zeroPoint, "y_zero_point"), at: scalePositions(x.shape, scale.shape, attrs), whole: dtypes[dtype].kind !== "float" });
    store(quotients, { dtype, data, saturate: wholeAttr(attrs, "saturate", 1) === 1 });
    return [{ dtype, shape: x.shape, data }];
  },
};

function storedType(zeroPoint: DType | null, attrs: Attrs): DType {
  const asked = dtypeAttr(attrs, "output_dtype");
  if (asked && zeroPoint && asked !== zeroPoint) throw new OpError("OP_DTYPE", `output_dtype ${asked} is not y_zero_point's ${zeroPoint}`);
  const dtype = asked ?? zeroPoint ?? "uint8";
  if (dtypes[dtype].bits > 16 || dtype === "float16" || dtype === "bfloat16" || dtype === "bool") throw new OpError("OP_DTYPE", `QuantizeLinear does not store ${dtype}`);
  return dtype;
}

function quotientsOf(x: Tensor, scale: Tensor, attrs: Attrs): Float64Array {
  const precision = dtypeAttr(attrs, "precision") ?? scale.dtype;
  const round = precision === "float64" ? null : (rounderOf(precision, { saturate: false, rounding: "up" }) ?? Math.fround);
  const from = realsOf(x, "x");
  const scales = realsOf(scale, "y_scale");
  const at = scalePositions(x.shape, scale.shape, attrs);
  const quotients = new Float64Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const quotient = (from[i] as number) / (scales[at(i)] as number);
    quotients[i] = round ? round(quotient) : quotient;
  }
  return quotients;
}

function shift(quotients: Float64Array, { by, at, whole }: { readonly by: RealArray; readonly at: (i: number) => number; readonly whole: boolean }): void {
  for (let i = 0; i < quotients.length; i++) {
    const quotient = quotients[i] as number;
    quotients[i] = (whole ? roundHalfEven(quotient) : quotient) + (by[at(i)] as number);
  }
}

function store(from: Float64Array, { dtype, data, saturate }: { readonly dtype: DType; readonly data: RealArray; readonly saturate: boolean }): void {
  const { kind, bits } = dtypes[dtype];
  const round = rounderOf(dtype, { saturate, rounding: "up" });
  const low = kind === "signed" ? -(2 ** (bits - 1)) : 0;
  const high = low + 2 ** bits - 1;
  for (let i = 0; i < from.length; i++) {
    const value = from[i] as number;
    data[i] = round ? round(value) : Math.min(high, Math.max(low, roundHalfEven(value)));
  }
}
