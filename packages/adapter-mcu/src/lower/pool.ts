import { type Node, sameQuant } from "@edgewise/graph";
import { activationRange } from "@edgewise/graph/ops";
import { channelsLast } from "../layout.ts";
import type { Builder, Refusal } from "./builder.ts";
import { type Window, numbers, windowOf, windowOverlapBytes, windowParameters } from "./window.ts";

const rescaleRule = "Input and output of a pool have one scale and zero point.";

/** A window that spans whole rows without padding is one long row: its taps are neighbours. */
function wholeRows(w: Window): Window {
  const whole = w.kernelWidth === w.inWidth && w.outWidth === 1 && w.dilationHeight === 1 && w.dilationWidth === 1;
  if (!whole || w.padTop > 0 || w.padLeft > 0 || w.padBottom > 0 || w.padRight > 0) return w;
  return {
    ...w, inHeight: 1, inWidth: w.inHeight * w.inWidth, outHeight: 1, outWidth: w.outHeight,
    kernelHeight: 1, kernelWidth: w.kernelHeight * w.kernelWidth, strideHeight: 1, strideWidth: w.strideHeight * w.inWidth,
  };
}

/** x [1, C, (H,) W] → y [1, C, (H',) W']; images as [H][W][C]. */
export function lowerPool(node: Node, build: Builder): Refusal | null {
  const x = node.inputs[0];
  const y = node.outputs[0];
  if (!x || !y) return { refused: `${node.op} has an input and an output.` };
  if (node.outputs.length > 1) return { refused: "MaxPool gives no indices." };
  const input = build.shape(x);
  const global = node.op === "GlobalMaxPool";
  const kernel = global ? input.slice(2) : numbers(node.attrs["kernel_shape"]);
  if (kernel === null || kernel.length < 1 || kernel.length > 2 || input[0] !== 1) return { refused: "Pools run over one or two axes, with batch 1." };
  if (!sameQuant(build.quant(x), build.quant(y))) return { refused: rescaleRule };
  const window = wholeRows(windowOf(input, kernel, global ? {} : node.attrs));
  const padded = window.padTop > 0 || window.padLeft > 0 || window.padBottom > 0 || window.padRight > 0;
  const maximum = node.op !== "AveragePool";
  if (!maximum && padded && node.attrs["count_include_pad"] === 1) return { refused: "AveragePool does not count padding (count_include_pad)." };
  const channels = input[1] ?? 0;
  const { min, max } = activationRange(build.quant(y), node.attrs);
  const source = build.read(x, channelsLast(input));
  build.push({
    kernel: maximum ? "max_pool" : "average_pool",
    parameters: {
      ...windowParameters(window), dilation_height: window.dilationHeight, dilation_width: window.dilationWidth,
      channels, ...(maximum ? {} : { offset: node.attrs["halves"] === "up" ? 128 : 0 }), clamp_min: min, clamp_max: max,
    },
    inputs: [source],
    output: build.allocate(y, channelsLast(build.shape(y))),
    overlapBytes: [windowOverlapBytes({ window, inChannels: channels, outChannels: channels, channelwise: true })],
  });
  return null;
}
