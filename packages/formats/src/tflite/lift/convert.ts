import { dtypes } from "@edgewise/graph";
import { decodeTensor, encodeTensor } from "@edgewise/graph/ops";
import { node, rewritten, storedBytes, valueOf } from "../build.ts";
import { type Lift, given } from "./lift.ts";

/** QUANTIZE: float32 to integers of a scale, or from one scale to another. Source: TFLite kernels/quantize.cc. */
export const liftQuantize: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  if (y.quant === null || y.dtype !== "int8" || (x.dtype !== "float32" && (x.dtype !== "int8" || x.quant === null))) {
    return { why: "it does not make int8 or uint8", found: `${x.dtype} to ${y.dtype}`, expected: "float32, int8 or uint8 to int8 or uint8" };
  }
  node(maker, "Quantize", { inputs: [valueOf(maker, x)], outputs: [valueOf(maker, y)] });
  return null;
};

/**
 * DEQUANTIZE. A float16 constant becomes a float32 constant; an integer constant keeps its integers and its fact, and is
 * dequantized by whatever reads it (adr/0001, weight-only).
 *
 * Source: TFLite kernels/dequantize.cc.
 */
export const liftDequantize: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  if (y.dtype !== "float32") return { why: "it does not make float32", found: y.dtype };
  if (x.stored !== null && x.shape.join() === y.shape.join()) {
    if (x.dtype === "float16") {
      const elements = x.stored.length / 2;
      rewritten(maker.build, 2 * elements * dtypes.float32.bits / 8);
      const { data } = decodeTensor("float16", x.shape, x.stored);
      maker.build.constants.set(y.index, { ...y, stored: encodeTensor({ dtype: "float32", shape: x.shape, data }) });
      return null;
    }
    if (x.quant !== null) {
      maker.build.constants.set(y.index, { ...x, index: y.index, id: y.id, stored: storedBytes(maker.build, x), shifted: false });
      return null;
    }
  }
  if (x.quant === null) return { why: "its input has no scale", found: x.dtype, expected: "int8, uint8, int32 with a scale, or a float16 constant" };
  node(maker, "Dequantize", { inputs: [valueOf(maker, x)], outputs: [valueOf(maker, y)] });
  return null;
};

/** CAST between plain types. Source: TFLite kernels/cast.cc. */
export const liftCast: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  if (x.quant !== null || y.quant !== null) return { why: "it casts integers that have a scale", fix: "Convert with QUANTIZE and DEQUANTIZE instead." };
  node(maker, "Cast", { inputs: [valueOf(maker, x)], outputs: [valueOf(maker, y)], attrs: { to: y.dtype } });
  return null;
};
