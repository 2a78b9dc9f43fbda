import { int64s, node, valueOf } from "../build.ts";
import { boolField } from "../flat.ts";
import { reducerOptions } from "../schema.ts";
import { type Lift, given, isComputable, notComputable } from "./lift.ts";
import { numbersIn } from "./parameter.ts";

/** MEAN along constant axes. Source: TFLite kernels/reduce.cc. */
export const liftMean: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  const rank = x.shape.length;
  const axes = numbersIn(operator.inputs[1]);
  if (axes === null || axes.some((axis) => axis < -rank || axis >= rank)) return { why: "its axes are not a constant within its input's rank" };
  if (!isComputable(x, y)) return notComputable;
  const whole = [...new Set(axes.map((axis) => axis < 0 ? axis + rank : axis))].sort((a, b) => a - b);
  const keepdims = boolField(operator.options, reducerOptions.keepDims) ? 1 : 0;
  if (whole.length === 0) return { why: "it has no axes" };
  node(maker, "ReduceMean", { inputs: [valueOf(maker, x), int64s(maker, `${y.id}.axes`, whole)], outputs: [valueOf(maker, y)], attrs: { keepdims } });
  return null;
};
