import type { OpName, Quant } from "@edgewise/graph";
import { between, float32, node, valueOf } from "../build.ts";
import { float32Field } from "../flat.ts";
import { leakyReluOptions, softmaxOptions } from "../schema.ts";
import { clip } from "./arithmetic.ts";
import { type Lift, type Refused, given, isComputable, notComputable } from "./lift.ts";

/** RELU, RELU6, RELU_N1_TO_1, RELU_0_TO_1. Source: TFLite kernels/activations.cc. */
export function liftClip(low: number, high: number): Lift {
  return (operator, maker) => {
    const x = given(operator.inputs[0], "input");
    const y = given(operator.outputs[0], "output");
    return isComputable(x, y) ? clip(maker, { from: valueOf(maker, x), y, low, high }) : notComputable;
  };
}

/** The scale and zero point that an int8 result always has; a file that states others is broken. */
interface FixedResult {
  readonly scale: number;
  readonly zeroPoint: number;
}

const probability: FixedResult = { scale: 1 / 256, zeroPoint: -128 };

/** TANH, LOGISTIC, HARD_SWISH, ELU: one operand, no options. Source: TFLite kernels/{activations,elu}.cc. */
export function liftUnary(op: OpName & ("Tanh" | "Sigmoid" | "HardSwish" | "Elu")): Lift {
  const fixed = op === "Sigmoid" ? probability : op === "Tanh" ? { scale: 1 / 128, zeroPoint: 0 } : null;
  return (operator, maker) => {
    const x = given(operator.inputs[0], "input");
    const y = given(operator.outputs[0], "output");
    if (!isComputable(x, y)) return notComputable;
    const problem = fixed && wrongResult(y.quant, fixed);
    if (problem) return problem;
    node(maker, op, { inputs: [valueOf(maker, x)], outputs: [valueOf(maker, y)] });
    return null;
  };
}

/** LEAKY_RELU: alpha · x below zero. Source: TFLite kernels/activations.cc. */
export const liftLeakyRelu: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  if (!isComputable(x, y)) return notComputable;
  const alpha = float32Field(operator.options, leakyReluOptions.alpha);
  if (!Number.isFinite(alpha)) return { why: "its slope is not a number", found: String(alpha) };
  node(maker, "LeakyRelu", { inputs: [valueOf(maker, x)], outputs: [valueOf(maker, y)], attrs: { alpha } });
  return null;
};

/** PRELU: a slope that broadcasts to x. Source: TFLite kernels/activations.cc. */
export const liftPRelu: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const slope = given(operator.inputs[1], "slope");
  const y = given(operator.outputs[0], "output");
  if (!isComputable(x, slope, y)) return notComputable;
  node(maker, "PRelu", { inputs: [valueOf(maker, x), valueOf(maker, slope)], outputs: [valueOf(maker, y)] });
  return null;
};

/** SOFTMAX over the last axis, of beta · x. Source: TFLite kernels/activations.cc. */
export const liftSoftmax: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  if (!isComputable(x, y)) return notComputable;
  const beta = float32Field(operator.options, softmaxOptions.beta);
  if (!Number.isFinite(beta)) return { why: "its beta is not a number", found: String(beta) };
  if (x.quant !== null && beta !== 1) return { why: "an int8 softmax has beta 1", found: String(beta), fix: "Put the factor into the layer before." };
  const problem = wrongResult(y.quant, probability);
  if (problem) return problem;
  const scaled = beta === 1 ? valueOf(maker, x) : between(maker, `${y.id}.scaled`, x);
  if (beta !== 1) node(maker, "Mul", { inputs: [valueOf(maker, x), float32(maker, `${y.id}.beta`, beta)], outputs: [scaled] });
  node(maker, "Softmax", { inputs: [scaled], outputs: [valueOf(maker, y)], attrs: { axis: -1 } });
  return null;
};

/** LOG_SOFTMAX over the last axis. Source: TFLite kernels/activations.cc. */
export const liftLogSoftmax: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  if (!isComputable(x, y)) return notComputable;
  if (y.quant !== null) return { why: "logarithms of shares have no int8 form", fix: "Keep this layer in float32." };
  node(maker, "LogSoftmax", { inputs: [valueOf(maker, x)], outputs: [valueOf(maker, y)], attrs: { axis: -1 } });
  return null;
};

function wrongResult(quant: Quant | null, { scale, zeroPoint }: FixedResult): Refused | null {
  if (quant === null || (quant.scale[0] === scale && quant.zeroPoint[0] === zeroPoint)) return null;
  return { why: "its result has another scale or zero point than this operator always has", found: `${quant.scale[0]}, ${quant.zeroPoint[0]}`, expected: `${scale}, ${zeroPoint} as int8`, fix: "Quantize the model again." };
}

