import { type Site, operator } from "./emission.ts";
import { axisIn, permuted } from "./layout/form.ts";
import { dimsOf, numberAttr, operandAt, realWeights, resultAt, valueAt } from "./ports.ts";

/** CONCATENATION along the layout's axis. Source: TFLite kernels/concatenation.cc. */
export function lowerConcat(site: Site): void {
  const stored = site.emission.layout.stored.get(site.node.outputs[0] ?? "");
  const inputs = site.node.inputs.map((_, position) => {
    const value = valueAt(site, position);
    return realWeights(site, operandAt(site, position, value?.constant ? permuted(dimsOf(value), stored?.perm ?? []) : null).tensor);
  });
  const y = resultAt(site);
  operator(site, "CONCATENATION", { inputs, outputs: [y.tensor], options: { axis: axisIn(y.form, numberAttr(site, "axis", 0)), fused_activation_function: "NONE" } });
}
