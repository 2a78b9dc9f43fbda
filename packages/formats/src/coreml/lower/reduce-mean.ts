import { bool, ints } from "../literal.ts";
import { type Lowering, axisOf, give, inputType, operand, refuse, wholeAttr, wholes } from "./use.ts";

/** ReduceMean → reduce_mean; no axes means all, or with noop_with_empty_axes none. Source: apple.github.io/coremltools, MIL ops, reduce_mean */
export const lowerReduceMean: Lowering = (use) => {
  const given = wholes(use, 1);
  if (given === undefined) {
    refuse(use, { summary: "The axes of a mean must be constant", found: "computed axes", expected: "a constant", fix: "Export the model with fixed axes." });
    return;
  }
  const none = given === null || given.length === 0;
  if (none && wholeAttr(use, "noop_with_empty_axes", 0) === 1) {
    give(use, "identity", { x: operand(use, 0) });
    return;
  }
  const axes = none ? inputType(use, 0).shape.map((_, axis) => axis) : given.map((axis) => axisOf(use, axis));
  give(use, "reduce_mean", { x: operand(use, 0), axes: ints(axes), keep_dims: bool(wholeAttr(use, "keepdims", 1) === 1) });
};
