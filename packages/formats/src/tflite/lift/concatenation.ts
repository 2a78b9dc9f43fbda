import { sameQuant } from "@edgewise/graph";
import { type Maker, between, node, valueOf } from "../build.ts";
import { int32Field } from "../flat.ts";
import type { Operand } from "../operand.ts";
import { concatenationOptions, packOptions } from "../schema.ts";
import { type Lift, type Refused, activationOf, given, refusedActivation } from "./lift.ts";
import { reshape } from "./moves.ts";

/** CONCATENATION along an axis; an operand of another scale is rescaled first. Source: TFLite kernels/concatenation.cc. */
export const liftConcatenation: Lift = (operator, maker) => {
  const y = given(operator.outputs[0], "output");
  const activation = activationOf(operator.options, concatenationOptions.activation);
  if (activation !== "NONE") return refusedActivation(activation);
  const parts = partsOf(operator.inputs, y);
  if ("why" in parts) return parts;
  const inputs = parts.map((part) => sameQuant(part.quant, y.quant) ? valueOf(maker, part) : rescaled(maker, part, y));
  node(maker, "Concat", { inputs, outputs: [valueOf(maker, y)], attrs: { axis: int32Field(operator.options, concatenationOptions.axis) } });
  return null;
};

/** PACK: operands of one shape along a new axis. Source: TFLite kernels/pack.cc. */
export const liftPack: Lift = (operator, maker) => {
  const y = given(operator.outputs[0], "output");
  const parts = partsOf(operator.inputs, y);
  if ("why" in parts) return parts;
  const stated = int32Field(operator.options, packOptions.axis);
  const axis = stated < 0 ? stated + y.shape.length : stated;
  if (y.shape[axis] !== parts.length || parts.some((part) => !sameQuant(part.quant, y.quant))) return { why: "its operands do not stack to its output", found: `${parts.length} along axis ${stated} of [${y.shape.join(", ")}]` };
  const inputs = parts.map((part, i) => {
    const slab: Operand = { ...part, id: between(maker, `${y.id}.part${i}`, { ...part, shape: y.shape.with(axis, 1) }), shape: y.shape.with(axis, 1), stored: null, shifted: false };
    reshape(maker, valueOf(maker, part), slab);
    return slab.id;
  });
  node(maker, "Concat", { inputs, outputs: [valueOf(maker, y)], attrs: { axis } });
  return null;
};

function partsOf(inputs: readonly (Operand | null)[], y: Operand): readonly Operand[] | Refused {
  const parts = inputs.filter((part) => part !== null);
  if (parts.length === 0 || parts.length < inputs.length) return { why: "an operand is missing" };
  const other = parts.find((part) => part.dtype !== y.dtype || (part.quant === null) !== (y.quant === null));
  return other ? { why: "its operands have different types", found: other.dtype, expected: y.dtype } : parts;
}

function rescaled(maker: Maker, part: Operand, y: Operand): string {
  const id = between(maker, `${part.id}.rescaled`, { ...part, quant: y.quant });
  node(maker, "Quantize", { inputs: [valueOf(maker, part)], outputs: [id] });
  return id;
}
