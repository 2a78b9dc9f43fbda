import { isOperator, limit } from "./clamp.ts";
import { type Site, float32, operator, tensorAt } from "./emission.ts";
import { sidesOf } from "./arithmetic.ts";
import { alias, between, isQuantized, numberAttr, operandAt, realsAt, resultAt } from "./ports.ts";
import { refuse } from "./refusal.ts";

/** Relu, Sigmoid, Tanh, HardSwish: one operand, no options. Source: TFLite kernels/activations.cc. */
export function lowerUnary(op: "RELU" | "LOGISTIC" | "TANH" | "HARD_SWISH"): (site: Site) => void {
  return (site) => {
    const x = operandAt(site, 0);
    operator(site, op, { inputs: [x.tensor], outputs: [resultAt(site).tensor] });
  };
}

/** Source: TFLite kernels/activations.cc. */
export function lowerLeakyRelu(site: Site): void {
  const x = operandAt(site, 0);
  operator(site, "LEAKY_RELU", { inputs: [x.tensor], outputs: [resultAt(site).tensor], options: { alpha: numberAttr(site, "alpha", 0.01) } });
}

/** PRELU: the slope repeats to x. Source: TFLite kernels/activations.cc. */
export function lowerPRelu(site: Site): void {
  const inputs = sidesOf(site);
  operator(site, "PRELU", { inputs, outputs: [resultAt(site).tensor] });
}

/**
 * Elu: ELU has alpha 1.
 *
 *   other alphas, floats: max(x, 0) + alpha · ELU(min(x, 0))
 *
 * Source: TFLite kernels/elu.cc.
 */
export function lowerElu(site: Site): void {
  const x = operandAt(site, 0).tensor;
  const alpha = numberAttr(site, "alpha", 1);
  const y = resultAt(site).tensor;
  if (alpha === 1) {
    operator(site, "ELU", { inputs: [x], outputs: [y] });
    return;
  }
  if (isQuantized(site)) return refuse({ why: "its alpha has no int8 form", found: String(alpha), expected: "1", fix: "Keep this layer in float32." });
  const [below, curve, scaled, above] = [between(site, y), between(site, y), between(site, y), between(site, y)];
  operator(site, "MINIMUM", { inputs: [x, float32(site, "zero", 0)], outputs: [below] });
  operator(site, "ELU", { inputs: [below], outputs: [curve] });
  operator(site, "MUL", { inputs: [curve, float32(site, "alpha", alpha)], outputs: [scaled], options: { fused_activation_function: "NONE" } });
  operator(site, "RELU", { inputs: [x], outputs: [above] });
  operator(site, "ADD", { inputs: [above, scaled], outputs: [y], options: { fused_activation_function: "NONE" } });
}

/**
 * HardSigmoid: max(0, min(1, alpha · x + beta)) as relu6(6 alpha · x + 6 beta) / 6, which delegates know.
 *
 * Source: onnx.ai/onnx/operators/onnx__HardSigmoid.html
 */
export function lowerHardSigmoid(site: Site): void {
  if (isQuantized(site)) return refuse({ why: "it has no int8 form", fix: "Keep this layer in float32." });
  const x = operandAt(site, 0).tensor;
  const y = resultAt(site).tensor;
  const slope = 6 * numberAttr(site, "alpha", 0.2);
  const offset = 6 * numberAttr(site, "beta", 0.5);
  const unscaled = Math.abs(slope - 1) < SLOPE_ROUNDING;
  const scaled = unscaled ? x : between(site, y);
  if (!unscaled) operator(site, "MUL", { inputs: [x, float32(site, "slope", slope)], outputs: [scaled], options: { fused_activation_function: "NONE" } });
  const limited = between(site, y);
  operator(site, "ADD", { inputs: [scaled, float32(site, "offset", offset)], outputs: [limited], options: { fused_activation_function: "RELU6" } });
  operator(site, "MUL", { inputs: [limited, float32(site, "sixth", 1 / 6)], outputs: [y], options: { fused_activation_function: "NONE" } });
}

/** An alpha of 1/6 is stored as the nearest float32. */
const SLOPE_ROUNDING = 2 ** -22;

/**
 * Clip as the activation of its limits, else MAXIMUM and MINIMUM. An int8 one that also rescales is a RELU when nothing else
 * limits it; others are QUANTIZE first, which rounds as the clip does.
 *
 * Source: TFLite kernels/{activations,maximum_minimum,quantize}.cc.
 */
export function lowerClip(site: Site): void {
  const x = operandAt(site, 0);
  const [low] = realsAt(site, 1, "limits") ?? [];
  const [high] = realsAt(site, 2, "limits") ?? [];
  const attrs = { ...(low === undefined || low === -Infinity ? {} : { clampMin: low }), ...(high === undefined || high === Infinity ? {} : { clampMax: high }) };
  const y = resultAt(site).tensor;
  const [from, to] = [tensorAt(site, x.tensor), tensorAt(site, y)];
  const rescales = JSON.stringify(from.quant) !== JSON.stringify(to.quant);
  if (Object.keys(attrs).length === 0) return rescales ? operator(site, "QUANTIZE", { inputs: [x.tensor], outputs: [y] }) : copy(site, x.tensor, y);
  const known = String([low, high]) in activations ? activations[String([low, high])] : undefined;
  if (known !== undefined && isOperator(to, known)) return operator(site, known, { inputs: [x.tensor], outputs: [y] });
  if (!rescales) return limit(site, { from: x.tensor, to: y, attrs });
  const rescaled = between(site, y);
  operator(site, "QUANTIZE", { inputs: [x.tensor], outputs: [rescaled] });
  limit(site, { from: rescaled, to: y, attrs });
}

const activations: Readonly<Record<string, string>> = { "0,6": "RELU6", "-1,1": "RELU_N1_TO_1", "0,": "RELU", "0,Infinity": "RELU" };

function copy(site: Site, from: number, to: number): void {
  const { shape } = tensorAt(site, to);
  operator(site, "RESHAPE", { inputs: [from], outputs: [to], options: { new_shape: shape } });
}

/** Identity: the same tensor, or QUANTIZE to another scale. */
export function lowerIdentity(site: Site): void {
  const x = operandAt(site, 0);
  if (JSON.stringify(tensorAt(site, x.tensor).quant) === JSON.stringify(site.emission.graph.values.get(site.node.outputs[0] ?? "")?.quant ?? null)) return alias(site, x.tensor);
  operator(site, "QUANTIZE", { inputs: [x.tensor], outputs: [resultAt(site).tensor] });
}
