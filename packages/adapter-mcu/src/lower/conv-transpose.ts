import { type Node, type Quant, elementCount } from "@edgewise/graph";
import { type Axis, channelMultipliers, perTensor, transposedAxes } from "@edgewise/graph/ops";
import { channelsLast } from "../layout.ts";
import type { Builder, Refusal, Table } from "./builder.ts";
import { int32Constant, int8Constant } from "./constant.ts";
import { clampParameters, overflowRule, scaleTables } from "./linear.ts";
import { forwardOverlapBytes } from "./overlap.ts";

interface Plan {
  readonly rows: Axis;
  readonly columns: Axis;
  readonly inChannels: number;
  readonly outChannels: number;
}

const single: Axis = { input: 1, kernel: 1, stride: 1, dilation: 1, padStart: 0, padEnd: 0, output: 1 };

/** x [1, C, (H,) W], w [C, O, (kH,) kW] → y [1, O, (H',) W'], images as [H][W][C]. */
export function lowerConvTranspose(node: Node, build: Builder): Refusal | null {
  const [x, w, biasId] = node.inputs;
  const y = node.outputs[0];
  if (!x || !w || !y) return { refused: "A transposed convolution has an input, weights and an output." };
  const weights = int8Constant(build.graph, w);
  if (weights === null) return { refused: "Weights of a transposed convolution must be int8 constants." };
  const plan = planOf(node, build);
  if ("refused" in plan) return plan;
  const facts = { input: build.quant(x), weight: build.quant(w), output: build.quant(y) };
  const unfit = unfitWeights(facts.weight);
  if (unfit !== null) return unfit;
  const packed = packWeights(weights, plan);
  const bias = spreadBias(biasId ? int32Constant(build.graph, biasId) : new Int32Array(1), plan.outChannels);
  if (overflows(packed, bias)) return { refused: overflowRule };
  const input = build.read(x, channelsLast(build.shape(x)));
  build.push({
    kernel: "conv_transpose",
    parameters: { ...windowOf(plan), in_channels: plan.inChannels, out_channels: plan.outChannels, in_zero: perTensor(facts.input).zeroPoint, ...clampParameters(node, facts.output) },
    arrays: [
      weightTable(packed, plan), { field: "bias", use: "bias", data: bias, comment: `[${plan.outChannels}]` },
      ...scaleTables(channelMultipliers(facts, plan.outChannels)),
    ],
    inputs: [input],
    output: build.allocate(y, channelsLast(build.shape(y))),
    overlapBytes: [overlapOf(plan)],
    macs: elementCount(build.shape(x)) * (weights.length / plan.inChannels),
  });
  return null;
}

function planOf(node: Node, build: Builder): Plan | Refusal {
  const [batch, inChannels = 0, ...spatial] = build.shape(node.inputs[0] ?? "");
  const [, outChannels = 0, ...kernel] = build.shape(node.inputs[1] ?? "");
  if ((node.attrs["group"] ?? 1) !== 1) return { refused: "Transposed convolutions have one group." };
  if (batch !== 1 || kernel.length < 1 || kernel.length > 2) return { refused: "Transposed convolutions run over one or two axes, with batch 1." };
  const axes = transposedAxes(spatial, kernel, node.attrs);
  const columns = axes.at(-1) ?? single;
  return { rows: axes.length === 2 ? (axes[0] ?? single) : single, columns, inChannels, outChannels };
}

function unfitWeights({ axis, zeroPoint }: Quant): Refusal | null {
  if (zeroPoint.some((zero) => zero !== 0)) return { refused: "Weights must be symmetric: zero point 0." };
  return axis === null || axis === 1 ? null : { refused: "Weights have one scale, or one an output channel." };
}

function windowOf({ rows, columns }: Plan): Readonly<Record<string, number>> {
  const [down, across] = [greatestCommonDivisor(rows.stride, rows.dilation), greatestCommonDivisor(columns.stride, columns.dilation)];
  return {
    in_height: rows.input, in_width: columns.input, out_height: rows.output, out_width: columns.output,
    kernel_height: rows.kernel, kernel_width: columns.kernel, stride_height: rows.stride, stride_width: columns.stride,
    pad_top: rows.padStart, pad_left: columns.padStart, dilation_height: rows.dilation, dilation_width: columns.dilation,
    tap_step_height: rows.stride / down, tap_step_width: columns.stride / across,
    in_step_height: rows.dilation / down, in_step_width: columns.dilation / across,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** [C][O][kh][kw] → [O][kh][kw][C]. */
function packWeights(weights: Int8Array, { rows, columns, inChannels, outChannels }: Plan): Int8Array {
  const taps = rows.kernel * columns.kernel;
  const packed = new Int8Array(weights.length);
  for (let c = 0, from = 0; c < inChannels; c++) {
    for (let k = 0; k < outChannels * taps; k++) packed[k * inChannels + c] = weights[from++] ?? 0;
  }
  return packed;
}

function weightTable(data: Int8Array, { rows, columns, inChannels, outChannels }: Plan): Table {
  return { field: "weights", use: "weights", data, comment: `[${outChannels}][${rows.kernel}][${columns.kernel}][${inChannels}]` };
}

function spreadBias(bias: Int32Array, channels: number): Int32Array {
  return bias.length === channels ? bias : new Int32Array(channels).fill(bias[0] ?? 0);
}

/** Whether any sum of some of a channel's products, each with an input at most 255 from its zero point, can leave int32. */
function overflows(packed: Int8Array, bias: Int32Array): boolean {
  const perChannel = packed.length / bias.length;
  return bias.some((start, o) => {
    const size = packed.subarray(o * perChannel, (o + 1) * perChannel).reduce((sum, weight) => sum + Math.abs(weight), 0);
    return Math.abs(start) + 255 * size > 2 ** 31 - 1;
  });
}

function overlapOf({ rows, columns, inChannels, outChannels }: Plan): number {
  const tops = lowestMet(rows);
  const lefts = lowestMet(columns);
  return forwardOverlapBytes({
    pixels: rows.output * columns.output, pixelBytes: outChannels,
    lowestRead: (p) => ((tops[Math.floor(p / columns.output)] ?? Infinity) * columns.input + (lefts[p % columns.output] ?? Infinity)) * inChannels,
  });
}

/** For each output position along a side, the first input element that reaches it; Infinity when none does. */
function lowestMet({ input, kernel, stride, dilation, padStart, output }: Axis): readonly number[] {
  const met = Array.from({ length: output }, () => Infinity);
  for (let element = input - 1; element >= 0; element--) {
    for (let tap = 0; tap < kernel; tap++) {
      const position = element * stride + tap * dilation - padStart;
      if (position >= 0 && position < output) met[position] = element;
    }
  }
  return met;
}
