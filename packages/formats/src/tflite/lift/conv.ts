import { type Maker, imagesInto, imagesOf, node } from "../build.ts";
import { int32Field } from "../flat.ts";
import type { Operand } from "../operand.ts";
import { convOptions, depthwiseOptions } from "../schema.ts";
import { type Lift, type Operator, type Refused, activationOf, clampOf, given, isComputable, notComputable, refusedActivation } from "./lift.ts";
import { type WeightLayout, biasIn, weightsIn } from "./weights.ts";
import { type WindowOptions, paddingOf, planeOf, windowAttrs, windowProblem } from "./window.ts";

/**
 * CONV_2D: x [N, H, W, C], weights [M, kH, kW, C / groups], bias [M] → y [N, H', W', M]. Groups follow from the channels.
 *
 * Source: TFLite kernels/conv.cc.
 */
export const liftConv: Lift = (operator, maker) => {
  const options = operator.options;
  const w = given(operator.inputs[1], "weights");
  const x = given(operator.inputs[0], "input");
  const [filters = 0, height = 0, width = 0, depth = 0] = w.shape;
  const group = (x.shape[3] ?? 0) / Math.max(1, depth);
  if (!Number.isInteger(group) || group < 1 || filters % group !== 0) return misfit(x, w);
  return convolution({ operator, maker, group, channels: filters,
    window: {
      kernel: [height, width], stride: [int32Field(options, convOptions.strideH), int32Field(options, convOptions.strideW)],
      dilation: [int32Field(options, convOptions.dilationH, 1), int32Field(options, convOptions.dilationW, 1)],
    },
    fields: convOptions, layout: { perm: [0, 3, 1, 2], scaleAxis: { file: 0, ir: 0 }, name: "oihw", zeroPoints: x.quant === null ? "any" : "one" } });
};

/**
 * DEPTHWISE_CONV_2D: x [N, H, W, C], weights [1, kH, kW, C · multiplier] → y [N, H', W', C · multiplier]; output channel
 * c · multiplier + q reads input channel c.
 *
 * Source: TFLite kernels/depthwise_conv.cc.
 */
export const liftDepthwiseConv: Lift = (operator, maker) => {
  const options = operator.options;
  const x = given(operator.inputs[0], "input");
  const w = given(operator.inputs[1], "weights");
  const [one = 0, height = 0, width = 0, channels = 0] = w.shape;
  const group = x.shape[3] ?? 0;
  if (one !== 1 || group < 1 || channels % group !== 0) return misfit(x, w);
  return convolution({ operator, maker, group, channels,
    window: {
      kernel: [height, width], stride: [int32Field(options, depthwiseOptions.strideH), int32Field(options, depthwiseOptions.strideW)],
      dilation: [int32Field(options, depthwiseOptions.dilationH, 1), int32Field(options, depthwiseOptions.dilationW, 1)],
    },
    fields: depthwiseOptions, layout: { perm: [3, 0, 1, 2], scaleAxis: { file: 3, ir: 0 }, name: "oihw", zeroPoints: x.quant === null ? "any" : "one" } });
};

export function misfit(x: Operand, w: Operand): Refused {
  return { why: "its weights do not fit its input", found: `weights [${w.shape.join(", ")}] for [${x.shape.join(", ")}]` };
}

interface Convolution {
  readonly operator: Operator;
  readonly maker: Maker;
  readonly group: number;
  readonly channels: number;
  readonly window: Pick<WindowOptions, "kernel" | "stride" | "dilation">;
  readonly fields: { readonly padding: number; readonly activation: number };
  readonly layout: WeightLayout;
}

function convolution({ operator, maker, group, channels, window, fields, layout }: Convolution): Refused | null {
  const x = given(operator.inputs[0], "input");
  const w = given(operator.inputs[1], "weights");
  const y = given(operator.outputs[0], "output");
  const input = planeOf(x);
  const padding = paddingOf(operator.options, fields.padding);
  if (input === null || w.shape.length !== 4 || padding === null) return misfit(x, w);
  const problem = isComputable(x, y) ? windowProblem(window) : notComputable;
  if (problem !== null) return problem;
  const activation = activationOf(operator.options, fields.activation);
  const clamp = clampOf(activation);
  if (clamp === null) return refusedActivation(activation);
  const weights = weightsIn(maker, w, layout);
  if (typeof weights !== "string") return weights;
  const bias = biasIn(maker, operator.inputs[2], { x, w, channels });
  if (bias !== null && typeof bias !== "string") return bias;
  const images = imagesOf(maker, x);
  const attrs = { ...windowAttrs({ input, padding, ...window }), ...(group === 1 ? {} : { group }), ...clamp };
  imagesInto(maker, y, (id) => node(maker, "Conv", { inputs: [images, weights, bias], outputs: [id], attrs }));
  return null;
}
