import type { Node } from "@edgewise/graph";
import { convNumbers } from "@edgewise/graph/ops";
import { channelsLast } from "../layout.ts";
import type { Builder, Refusal, Table } from "./builder.ts";
import { int8Constant } from "./constant.ts";
import { clampParameters, foldZeroPoint, overflowRule, scaleTables, scaledZeroPoints, scaledZeroPointsRule } from "./linear.ts";
import { type Window, windowOf, windowOverlapBytes, windowParameters } from "./window.ts";

/** Which loop a convolution runs in. */
type Shape = "dense" | "depthwise" | "conv" | "conv_grouped";

interface Plan {
  readonly window: Window;
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: Shape;
}

/** x [1, C, (H,) W], w [O, C/g, (kH,) kW] → y [1, O, (H',) W'], images as [H][W][C]. */
export function lowerConv(node: Node, build: Builder): Refusal | null {
  const [x, w, bias] = node.inputs;
  const y = node.outputs[0];
  if (!x || !w || !y) return { refused: "A convolution has an input, weights and an output." };
  const weights = int8Constant(build.graph, w);
  if (weights === null) return { refused: "Weights of a convolution must be int8 constants." };
  const plan = planConv(node, build);
  if (plan === null) return { refused: "Convolutions run over one or two axes, with batch 1 and no padding below zero." };
  const facts = { input: build.quant(x), weight: build.quant(w), output: build.quant(y) };
  if (scaledZeroPoints(facts.weight)) return { refused: scaledZeroPointsRule };
  const { inputZero, weightZero, multipliers } = convNumbers(facts, plan.outChannels, node.attrs);
  const taps = weights.length / plan.outChannels;
  const folded = foldZeroPoint({ graph: build.graph, bias, weights, channels: plan.outChannels, step: taps, stride: 1, inputZero, weightZero });
  if (folded === null) return { refused: overflowRule };
  const input = build.read(x, channelsLast(build.shape(x)));
  build.push({
    kernel: plan.kernel,
    parameters: { ...parametersOf(plan), weight_zero: weightZero, ...(plan.kernel === "dense" ? {} : { in_zero: inputZero }), ...clampParameters(node, facts.output) },
    arrays: [packWeights(weights, plan), { field: "bias", use: "bias", data: folded, comment: `[${plan.outChannels}], input zero point folded in` }, ...scaleTables(multipliers)],
    inputs: [input],
    output: build.allocate(y, channelsLast(build.shape(y))),
    overlapBytes: [overlapOf(plan)],
    macs: plan.window.outHeight * plan.window.outWidth * weights.length,
  });
  return null;
}

function planConv(node: Node, build: Builder): Plan | null {
  const input = build.shape(node.inputs[0] ?? "");
  const [outChannels = 0, , ...kernel] = build.shape(node.inputs[1] ?? "");
  if (input[0] !== 1 || kernel.length < 1 || kernel.length > 2) return null;
  const window = windowOf(input, kernel, node.attrs);
  if (window.padTop < 0 || window.padLeft < 0) return null;
  const groups = typeof node.attrs["group"] === "number" ? node.attrs["group"] : 1;
  const inChannels = input[1] ?? 0;
  return { window, groups, inChannels, outChannels, kernel: shapeOf({ window, groups, inChannels }) };
}

function shapeOf({ window: w, groups, inChannels }: Omit<Plan, "kernel" | "outChannels">): Shape {
  const unpadded = w.padTop === 0 && w.padLeft === 0 && w.padBottom === 0 && w.padRight === 0;
  const pointwise = w.kernelHeight === 1 && w.kernelWidth === 1 && w.strideHeight === 1 && w.strideWidth === 1;
  const whole = w.kernelHeight === w.inHeight && w.kernelWidth === w.inWidth && w.dilationHeight === 1 && w.dilationWidth === 1;
  if (groups === 1) return unpadded && (pointwise || whole) ? "dense" : w.dilationWidth === 1 || w.kernelWidth === 1 ? "conv" : "conv_grouped";
  return groups === inChannels ? "depthwise" : "conv_grouped";
}

function parametersOf(plan: Plan): Readonly<Record<string, number>> {
  const { window, inChannels, outChannels, groups } = plan;
  const rows = window.outHeight * window.outWidth;
  switch (plan.kernel) {
    case "dense": return { rows, in_channels: (inChannels * window.inHeight * window.inWidth) / rows, out_channels: outChannels, table_step: 1 };
    case "conv": return { ...windowParameters(window), dilation_height: window.dilationHeight, in_channels: inChannels, out_channels: outChannels };
    case "depthwise": return {
      ...windowParameters(window), dilation_height: window.dilationHeight, dilation_width: window.dilationWidth,
      in_channels: inChannels, multiple: outChannels / inChannels,
    };
    case "conv_grouped": return {
      ...windowParameters(window), dilation_height: window.dilationHeight, dilation_width: window.dilationWidth,
      in_channels: inChannels, out_channels: outChannels, group_in: inChannels / groups, group_out: outChannels / groups,
    };
    default: return plan.kernel satisfies never;
  }
}

/** [O][n][kh][kw] → [O][kh][kw][n], and for depthwise (n = 1) → [kh][kw][O]. */
function packWeights(weights: Int8Array, plan: Plan): Table {
  const { kernelHeight, kernelWidth } = plan.window;
  const area = kernelHeight * kernelWidth;
  const depth = plan.inChannels / plan.groups;
  const packed = new Int8Array(weights.length);
  let from = 0;
  for (let o = 0; o < plan.outChannels; o++) {
    for (let c = 0; c < depth; c++) {
      for (let tap = 0; tap < area; tap++) {
        packed[plan.kernel === "depthwise" ? tap * plan.outChannels + o : (o * area + tap) * depth + c] = weights[from++] ?? 0;
      }
    }
  }
  const dims = plan.kernel === "depthwise" ? [kernelHeight, kernelWidth, plan.outChannels] : [plan.outChannels, kernelHeight, kernelWidth, depth];
  return { field: "weights", use: "weights", data: packed, comment: dims.map((dim) => `[${dim}]`).join("") };
}

function overlapOf(plan: Plan): number {
  const { window, inChannels, outChannels } = plan;
  return windowOverlapBytes({ window, inChannels, outChannels, channelwise: plan.kernel === "depthwise" && outChannels === inChannels });
}
