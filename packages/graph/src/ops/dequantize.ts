import { dequantizeTensor } from "../int8/affine.ts";
import { OpError, type OpDef } from "../op.ts";
import { countOf } from "./dims.ts";
import { required } from "./operand.ts";

/**
 * Stored numbers to reals.
 *
 *   x = scale · (q − zero), by the operand's fact
 *
 * x [any] integer with a fact → y float32, same shape. Errors: OP_QUANT when it is evaluated without a fact.
 * Source: adr/0001; TFLite kernels/internal/reference/dequantize.h
 */
export const dequantize: OpDef = {
  name: "Dequantize",
  summary: "stored numbers to reals",
  spec: "adr/0001-ir-follows-onnx-semantics.md",
  inputs: ["x"],
  infer(inputs) {
    const x = required(inputs[0], "x");
    return [{ dtype: "float32", shape: x.shape, elements: null }];
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
  evaluate() {
    throw new OpError("OP_QUANT", "Dequantize needs the fact of its operand");
  },
  evaluateInt8: (inputs) => [dequantizeTensor(required(inputs[0], "x"))],
};
