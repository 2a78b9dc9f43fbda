import { decodeTensor, dequantizeTensor } from "@edgewise/graph/ops";
import { constant, float32, int64s, node, storedBytes, valueOf } from "../build.ts";
import { int8Field } from "../flat.ts";
import { MAX_WINDOW } from "../limits.ts";
import { mirrorPadOptions } from "../schema.ts";
import { type Lift, given } from "./lift.ts";
import { otherQuant } from "./moves.ts";
import { numbersIn } from "./parameter.ts";

/**
 * PAD with zeros (of the zero point, quantized), PADV2 with a stated number, MIRROR_PAD. Pads stand as one row an axis:
 * before, after.
 *
 * Source: TFLite kernels/{pad,mirror_pad}.cc.
 */
export const liftPad: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  const rows = numbersIn(operator.inputs[1]);
  if (rows === null || rows.length !== 2 * x.shape.length || rows.some((pad) => pad < 0 || pad > MAX_WINDOW)) return { why: "its pads are not a constant of two sizes an axis", ...(rows ? { found: rows.join(", ") } : {}) };
  const problem = otherQuant(x, y);
  if (problem !== null) return problem;
  const mirrored = operator.name === "MIRROR_PAD";
  if (mirrored && int8Field(operator.options, mirrorPadOptions.mode) !== 0) return { why: "it repeats the border", found: "mode SYMMETRIC", expected: "mode REFLECT" };
  const pads = int64s(maker, `${y.id}.pads`, [...rows.filter((_, i) => i % 2 === 0), ...rows.filter((_, i) => i % 2 === 1)]);
  const value = operator.name === "PADV2" ? given(operator.inputs[2], "constant value") : null;
  if (value !== null && (value.stored === null || value.shape.some((dim) => dim !== 1) || otherQuant(x, value) !== null)) return { why: "the number it pads with is not a constant of its input's type, scale and zero point" };
  let fill: string | null = null;
  if (value !== null) {
    const tensor = decodeTensor(value.dtype, [], storedBytes(maker.build, value));
    fill = value.quant === null ? constant(maker, `${y.id}.value`, { dtype: value.dtype, shape: [], quant: null, bytes: storedBytes(maker.build, value) })
      : float32(maker, `${y.id}.value`, Number(dequantizeTensor({ tensor, quant: value.quant }).data[0]));
  }
  node(maker, "Pad", { inputs: [valueOf(maker, x), pads, fill], outputs: [valueOf(maker, y)], attrs: mirrored ? { mode: "reflect" } : {} });
  return null;
};
