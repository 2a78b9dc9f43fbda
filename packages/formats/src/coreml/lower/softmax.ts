import { bool, int, ints } from "../literal.ts";
import { type Lowering, axisOf, between, give, inputType, operand, wholeAttr } from "./use.ts";

export const lowerSoftmax: Lowering = (use) => give(use, "softmax", { x: operand(use, 0), axis: int(axisOf(use, wholeAttr(use, "axis", -1))) });

/** LogSoftmax → x − reduce_log_sum_exp(x), which does not overflow as log(softmax(x)) underflows. */
export const lowerLogSoftmax: Lowering = (use) => {
  const x = operand(use, 0);
  const axis = axisOf(use, wholeAttr(use, "axis", -1));
  const type = inputType(use, 0);
  const sum = between(use, "reduce_log_sum_exp", { inputs: { x, axes: ints([axis]), keep_dims: bool(true) }, output: { ...type, shape: type.shape.with(axis, 1) } });
  give(use, "sub", { x, y: sum });
};
