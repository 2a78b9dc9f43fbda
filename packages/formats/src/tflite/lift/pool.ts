import type { OpName } from "@edgewise/graph";
import { imagesInto, imagesOf, node } from "../build.ts";
import { int32Field } from "../flat.ts";
import { poolOptions as fields } from "../schema.ts";
import { type Lift, activationOf, clampOf, given, isComputable, notComputable, refusedActivation } from "./lift.ts";
import { otherQuant } from "./moves.ts";
import { paddingOf, planeOf, windowAttrs, windowProblem } from "./window.ts";

/**
 * AVERAGE_POOL_2D and MAX_POOL_2D over x [N, H, W, C]. Padding does not count in an average, and uint8 ones round halves up.
 * Never GlobalAveragePool, whose int8 form is MEAN's and rounds otherwise.
 *
 * Source: TFLite kernels/pooling.cc.
 */
export function liftPool(op: OpName & ("AveragePool" | "MaxPool")): Lift {
  return (operator, maker) => {
    const x = given(operator.inputs[0], "input");
    const y = given(operator.outputs[0], "output");
    const { options } = operator;
    const [input, padding] = [planeOf(x), paddingOf(options, fields.padding)];
    if (input === null || padding === null) return { why: "its input is not [N, H, W, C]", found: `[${x.shape.join(", ")}]` };
    if (!isComputable(x, y)) return notComputable;
    const window = {
      kernel: [int32Field(options, fields.filterH), int32Field(options, fields.filterW)],
      stride: [int32Field(options, fields.strideH), int32Field(options, fields.strideW)],
      dilation: [1, 1],
    } as const;
    const problem = windowProblem(window) ?? otherQuant(x, y);
    if (problem !== null) return problem;
    const activation = activationOf(options, fields.activation);
    const clamp = clampOf(activation);
    if (clamp === null) return refusedActivation(activation);
    const halves = op === "AveragePool" && y.shifted ? { halves: "up" } : {};
    const images = imagesOf(maker, x);
    imagesInto(maker, y, (id) => node(maker, op, { inputs: [images], outputs: [id], attrs: { ...windowAttrs({ input, padding, ...window }), ...halves, ...clamp } }));
    return null;
  };
}
