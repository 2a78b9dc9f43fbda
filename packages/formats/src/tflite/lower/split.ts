import { type Site, int32, int32s, operator, tensorAt } from "./emission.ts";
import { axisIn } from "./layout/form.ts";
import { numberAttr, operandAt, resultAt } from "./ports.ts";

/** SPLIT into equal parts, else SPLIT_V. Source: TFLite kernels/{split,split_v}.cc. */
export function lowerSplit(site: Site): void {
  const x = operandAt(site, 0);
  const axis = axisIn(x.form, numberAttr(site, "axis", 0));
  const outputs = site.node.outputs.map((_, i) => resultAt(site, i).tensor);
  const sizes = outputs.map((tensor) => tensorAt(site, tensor).shape[axis] ?? 0);
  const at = int32(site, "axis", axis);
  if (sizes.every((size) => size === sizes[0])) operator(site, "SPLIT", { inputs: [at, x.tensor], outputs, options: { num_splits: outputs.length } });
  else operator(site, "SPLIT_V", { inputs: [x.tensor, int32s(site, "sizes", sizes), at], outputs, options: { num_splits: outputs.length } });
}
