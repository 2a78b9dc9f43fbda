import { convertTensor } from "../convert.ts";
import { type DType, dtypes } from "../dtype.ts";
import type { Attrs } from "../graph.ts";
import { type Fact, OpError, type OpDef } from "../op.ts";
import { dtypeAttr, wholeAttr, wordAttr } from "./attribute.ts";
import { countOf } from "./dims.ts";
import { required } from "./operand.ts";

/**
 * The numbers of a tensor in another element type.
 *
 *   see convert.ts; saturate (1 unless given) governs 8-bit floats, round_mode (up unless given) float8e8m0
 *   attribute `to` is the type's name ("float32")
 *
 * input [any] any type → output same shape. Errors: OP_ATTRIBUTE without a known type.
 * Source: onnx.ai/onnx/operators/onnx__Cast.html
 */
export const cast: OpDef = {
  name: "Cast",
  summary: "the same numbers in another element type",
  spec: "https://onnx.ai/onnx/operators/onnx__Cast.html",
  inputs: ["input"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "input");
    const to = targetOf(attrs);
    return [{ dtype: to, shape: x.shape, elements: keptElements(x, to) }];
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
  evaluate(inputs, attrs) {
    const options = { saturate: wholeAttr(attrs, "saturate", 1) === 1, rounding: wordAttr(attrs, "round_mode", ["up", "down", "nearest"]) };
    return [convertTensor(required(inputs[0], "input"), targetOf(attrs), options)];
  },
};

function targetOf(attrs: Attrs): DType {
  const to = dtypeAttr(attrs, "to");
  if (to === null) throw new OpError("OP_ATTRIBUTE", "attribute to is missing");
  return to;
}

/** Known whole numbers survive a type that holds every dim; narrower ones could change them. */
function keptElements(x: Fact, to: DType): Fact["elements"] {
  return dtypes[to].kind !== "bool" && dtypes[to].bits >= 32 ? x.elements : null;
}
