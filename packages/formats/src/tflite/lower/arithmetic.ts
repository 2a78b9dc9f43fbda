import { clamped } from "./clamp.ts";
import { type Site, operator, tensorAt } from "./emission.ts";
import { operandAt, realWeights, repeatedAt, resultAt, valueAt } from "./ports.ts";
import type { Form } from "./layout/form.ts";

/** Add, Sub, Mul, Div as the operators of those names, their clamp as a fused activation. Source: TFLite kernels/{add,sub,mul,div}.cc. */
export function lowerArithmetic(op: "ADD" | "SUB" | "MUL" | "DIV"): (site: Site) => void {
  return (site) => {
    const inputs = sidesOf(site);
    const y = resultAt(site).tensor;
    // int16 sums have another arithmetic for scales that are all powers of two; ours is the one for any scales.
    const scales = (op === "ADD" || op === "SUB") && tensorAt(site, y).type === "INT16" ? { pot_scale_int16: 0 } : {};
    clamped(site, y, (into, activation) => operator(site, op, { inputs, outputs: [into], options: { fused_activation_function: activation, ...scales } }));
  };
}

/** Min and Max. Source: TFLite kernels/maximum_minimum.cc. */
export function lowerExtremum(op: "MINIMUM" | "MAXIMUM"): (site: Site) => void {
  return (site) => operator(site, op, { inputs: sidesOf(site), outputs: [resultAt(site).tensor] });
}

/** The operands of an element-wise node as tensors that repeat to its result. */
export function sidesOf(site: Site): readonly number[] {
  const { emission, node } = site;
  const form = emission.layout.stored.get(node.outputs[0] ?? "") as Form; // made by this node
  return node.inputs.map((_, position) => {
    const value = valueAt(site, position);
    return value?.constant ? realWeights(site, repeatedAt(site, position, form)) : operandAt(site, position).tensor;
  });
}
