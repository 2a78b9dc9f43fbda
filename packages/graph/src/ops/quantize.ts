import { type DType, dtypes } from "../dtype.ts";
import { quantizeTensor, requantizeTensor } from "../int8/affine.ts";
import { outputQuant } from "../int8/operands.ts";
import { OpError, type OpDef, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";
import { countOf } from "./dims.ts";
import { requantizeInt16 } from "./elementwise.int16.ts";
import { required } from "./operand.ts";

/**
 * Reals to stored numbers, or stored numbers of one scale to those of another.
 *
 *   float: q = clamp(zero + round(float32(x / scale))), ties away from zero
 *   integers: q' = clamp(zero' + scaleBy(q − zero, scale / scale')), two roundings; see int8/affine.ts
 *   uint8 counts as int8 with a zero point 128 lower; scale and zero point are the values' facts
 *
 * x [any] float32, int8, uint8 or int16 → y integer, same shape. Errors: OP_QUANT when it is evaluated without facts, OP_DTYPE
 * for a rescaling that is neither between 8-bit types nor between int16. Source: adr/0001, adr/0002; TFLite reference/{quantize,requantize}.h
 */
export const quantize: OpDef = {
  name: "Quantize",
  summary: "reals, or integers of another scale, to integers",
  spec: "adr/0001-ir-follows-onnx-semantics.md",
  inputs: ["x"],
  infer(inputs) {
    const x = required(inputs[0], "x");
    return [{ dtype: x.dtype, shape: x.shape, elements: null }];
  },
  work: (_inputs, outputs) => ({ macs: 0, elementOps: countOf(outputs[0]) }),
  evaluate() {
    throw new OpError("OP_QUANT", "Quantize needs the fact of its result");
  },
  evaluateInt8: (inputs, outputs) => [quantizeAs("int8", required(inputs[0], "x"), outputQuant(outputs))],
};

/** Quantize to any integer type. A float operand's fact is not read. */
export function quantizeAs(dtype: DType, x: QTensor, output: Quant): Tensor {
  if (dtypes[x.tensor.dtype].kind === "float") return quantizeTensor(x.tensor, output, dtype);
  if (dtype === "int16") return requantizeTo16(x, output);
  const signed = asInt8(x);
  if (dtype === "int8") return requantizeTensor(signed, output);
  if (dtype === "uint8") return asUint8(requantizeTensor(signed, shifted(output)));
  throw new OpError("OP_DTYPE", `Quantize rescales to int8, uint8 and int16, not to ${dtype}`);
}

function requantizeTo16(x: QTensor, output: Quant): Tensor {
  const [y] = requantizeInt16([x], [output]);
  return required(y, "y");
}

function asInt8(x: QTensor): QTensor {
  if (x.tensor.dtype === "int8") return x;
  if (x.tensor.dtype !== "uint8") throw new OpError("OP_DTYPE", `Quantize rescales int8 and uint8, not ${x.tensor.dtype}`);
  const data = Int8Array.from(x.tensor.data as Uint8Array, (stored) => stored - 128); // the storage of uint8
  return { tensor: { dtype: "int8", shape: x.tensor.shape, data }, quant: shifted(x.quant) };
}

function asUint8({ shape, data }: Tensor): Tensor {
  return { dtype: "uint8", shape, data: Uint8Array.from(data as Int8Array, (stored) => stored + 128) }; // the storage of int8
}

function shifted(quant: Quant): Quant {
  return { ...quant, zeroPoint: quant.zeroPoint.map((zero) => zero - 128) };
}
