import { imagesInto, imagesOf, node } from "../build.ts";
import { int32Field } from "../flat.ts";
import { transposeConvOptions as fields } from "../schema.ts";
import { misfit } from "./conv.ts";
import { type Lift, activationOf, clampOf, given, isComputable, notComputable, refusedActivation } from "./lift.ts";
import { biasIn, weightsIn } from "./weights.ts";
import { paddingOf, planeOf, sameTotal, windowProblem } from "./window.ts";

/**
 * TRANSPOSE_CONV: output shape, weights [M, kH, kW, C], x [N, H, W, C], bias [M] → y [N, H', W', M].
 *
 *   padStart = floor(total / 2), total as of the convolution from y to x that it undoes; what is beyond y is lost
 *
 * Source: TFLite kernels/transpose_conv.cc, kernels/padding.h.
 */
export const liftTransposeConv: Lift = (operator, maker) => {
  const w = given(operator.inputs[1], "weights");
  const x = given(operator.inputs[2], "input");
  const y = given(operator.outputs[0], "output");
  const [input, output, padding] = [planeOf(x), planeOf(y), paddingOf(operator.options, fields.padding)];
  const [channels = 0, height = 0, width = 0, depth = 0] = w.shape;
  if (input === null || output === null || padding === null || w.shape.length !== 4 || depth !== x.shape[3]) return misfit(x, w);
  if (!isComputable(x, y)) return notComputable;
  const stride: readonly [number, number] = [int32Field(operator.options, fields.strideH), int32Field(operator.options, fields.strideW)];
  const problem = windowProblem({ kernel: [height, width], stride, dilation: [1, 1] });
  if (problem !== null) return problem;
  const activation = activationOf(operator.options, fields.activation);
  const clamp = clampOf(activation);
  if (clamp === null) return refusedActivation(activation);
  const weights = weightsIn(maker, w, { perm: [3, 0, 1, 2], scaleAxis: { file: 0, ir: 1 }, name: "iohw", zeroPoints: x.quant === null ? "any" : "none" });
  if (typeof weights !== "string") return weights;
  const bias = biasIn(maker, operator.inputs[3], { x, w, channels });
  if (bias !== null && typeof bias !== "string") return bias;
  const pads = padsOf({ input, output, kernel: [height, width], stride, same: padding === "SAME" });
  const images = imagesOf(maker, x);
  imagesInto(maker, y, (id) => node(maker, "ConvTranspose", { inputs: [images, weights, bias], outputs: [id], attrs: { kernel_shape: [height, width], strides: stride, ...pads, ...clamp } }));
  return null;
};

interface Geometry {
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly same: boolean;
}

/** Pads that cut the whole spread, stride · (in − 1) + kernel, to the output; a spread that is short is lengthened. */
function padsOf({ input, output, kernel, stride, same }: Geometry): { readonly pads: readonly number[]; readonly output_padding?: readonly number[] } {
  const axes = [0, 1] as const;
  const starts = axes.map((axis) => same ? Math.floor(sameTotal(output[axis], stride[axis], kernel[axis]) / 2) : 0);
  const ends = axes.map((axis) => stride[axis] * (input[axis] - 1) + kernel[axis] - (starts[axis] ?? 0) - output[axis]);
  const extra = ends.map((end) => Math.max(0, -end));
  return { pads: [...starts, ...ends.map((end) => Math.max(0, end))], ...(extra.some((end) => end > 0) ? { output_padding: extra } : {}) };
}
