import type { OpName } from "@edgewise/graph";
import { type Maker, between, float32, node, valueOf } from "../build.ts";
import type { Operand } from "../operand.ts";
import { arithmeticOptions } from "../schema.ts";
import { type Lift, type Refused, activationOf, clampOf, given, refusedActivation } from "./lift.ts";
import { otherQuant } from "./moves.ts";

/**
 * ADD, SUB, MUL with their fused activation as a clamp of the node; operands broadcast as in ONNX.
 *
 * Source: TFLite kernels/{add,sub,mul}.cc.
 */
export function liftArithmetic(op: OpName & ("Add" | "Sub" | "Mul")): Lift {
  return (operator, maker) => {
    const [a, b, y] = operandsOf(operator);
    const activation = activationOf(operator.options, arithmeticOptions.activation);
    const clamp = clampOf(activation);
    if (clamp === null) return refusedActivation(activation);
    node(maker, op, { inputs: [valueOf(maker, a), valueOf(maker, b)], outputs: [valueOf(maker, y)], attrs: clamp });
    return null;
  };
}

/** DIV, on floats and plain integers, with its activation as a node. Source: TFLite kernels/div.cc. */
export const liftDiv: Lift = (operator, maker) => {
  const [a, b, y] = operandsOf(operator);
  if (y.quant !== null) return { why: "quotients have no int8 form", fix: "Multiply by the reciprocal instead, or keep this layer in float32." };
  const activation = activationOf(operator.options, arithmeticOptions.activation);
  const clamp = clampOf(activation);
  if (clamp === null || (activation !== "NONE" && y.dtype !== "float32")) return refusedActivation(activation);
  const quotient = activation === "NONE" ? valueOf(maker, y) : between(maker, `${y.id}.quotient`, y);
  node(maker, "Div", { inputs: [valueOf(maker, a), valueOf(maker, b)], outputs: [quotient] });
  if (activation !== "NONE") clip(maker, { from: quotient, y, low: Number(clamp["clampMin"]), high: Number(clamp["clampMax"] ?? Infinity) });
  return null;
};

/** MINIMUM and MAXIMUM; quantized, all three have one scale. Source: TFLite kernels/maximum_minimum.cc. */
export function liftExtremum(op: OpName & ("Min" | "Max")): Lift {
  return (operator, maker) => {
    const [a, b, y] = operandsOf(operator);
    const problem = otherQuant(a, y) ?? otherQuant(b, y);
    if (problem !== null) return problem;
    node(maker, op, { inputs: [valueOf(maker, a), valueOf(maker, b)], outputs: [valueOf(maker, y)] });
    return null;
  };
}

function operandsOf(operator: Parameters<Lift>[0]): readonly [Operand, Operand, Operand] {
  return [given(operator.inputs[0], "first operand"), given(operator.inputs[1], "second operand"), given(operator.outputs[0], "output")];
}

export interface Clipping {
  readonly from: string;
  readonly y: Operand;
  readonly low: number;
  readonly high: number;
}

/** y = the value `from`, limited. */
export function clip(maker: Maker, { from, y, low, high }: Clipping): Refused | null {
  if (low === 0 && high === Infinity) node(maker, "Relu", { inputs: [from], outputs: [valueOf(maker, y)] });
  else node(maker, "Clip", { inputs: [from, float32(maker, `${y.id}.min`, low), high === Infinity ? null : float32(maker, `${y.id}.max`, high)], outputs: [valueOf(maker, y)] });
  return null;
}
