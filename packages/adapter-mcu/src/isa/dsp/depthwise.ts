import type { Channel } from "../../epilogue/channel.ts";
import { accumulatorRange } from "../../epilogue/range.ts";
import type { Layer } from "../../program.ts";
import { dataOf, numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { channelWords } from "./depthwise-kernel.ts";
import { type Requantization, requantizationOf } from "./requantization.ts";

/** Working memory with eight pairs of rows a column, for seven steps at a time; wider pictures keep two, for one step. */
const BAND_BYTES = 2048;

/** A depthwise 3x3 convolution with strides 1 or 2, one output a channel; null where sums or factors are beyond both epilogues. */
export function dspDepthwise(layer: Layer, numbers: Numbers): Layer | null {
  if (numberOf(layer, "weight_zero") !== 0) return null;
  const n = (name: string): number => numberOf(layer, name);
  const stride = n("stride_width");
  const fits = n("kernel_height") === 3 && n("kernel_width") === 3 && n("dilation_height") === 1 && n("dilation_width") === 1 && n("multiple") === 1
    && n("stride_height") === stride && stride <= 2 && n("pad_left") <= 2 && n("pad_top") <= 2;
  if (!fits) return null;
  const channels = n("in_channels");
  const requantization = requantizationOf(channelsOf(layer), numbers);
  if (requantization === null) return null;
  const columns = stride * (n("out_width") - 1) + 3;
  // Four channels of int16 halves.
  const pairs = columns * 8 * 16 <= BAND_BYTES ? 8 : 2;
  const name = `stream_${layer.arrays[0]?.name.split("_").at(-1) ?? ""}`;
  const names = ["in_height", "in_width", "out_height", "out_width", "pad_top", "pad_left", "in_zero", ...(requantization.kind === "exact" ? ["out_zero", "clamp_min", "clamp_max"] : [])];
  return {
    ...layer, kernel: requantization.kind === "exact" ? "depthwise_exact_dsp" : "depthwise_dsp",
    parameters: { ...Object.fromEntries(names.map((field) => [field, n(field)])), stream: { array: name }, channels, stride, columns, pairs },
    arrays: [{ name, type: "int32_t", use: "weights", data: streamOf(layer, requantization), comment: `[${channels} channels][weights of a column in a word, start, requantization]` }],
    replaces: [n("out_width") <= n("in_width") && n("out_height") <= n("in_height")], overlapBytes: [0],
    scratchBytes: columns * pairs * 16,
  };
}

/**
 * A word a kernel column: bytes w[0], w[1], w[1], w[2] of its rows. Bytes 0 and 2 are the halves (w[0], w[1]) * 2^8, bytes 1 and
 * 3 the halves (w[1], w[2]) * 2^8.
 */
function streamOf(layer: Layer, requantization: Requantization): Int32Array {
  const weights = dataOf(layer, "weights");
  const bias = dataOf(layer, "bias");
  const channels = bias.length;
  const size = channelWords[requantization.kind];
  const words = new Int32Array(channels * size);
  for (let c = 0; c < channels; c++) {
    const tap = (row: number, column: number): number => weights[(row * 3 + column) * channels + c] ?? 0;
    for (let column = 0; column < 3; column++) {
      const [first, middle, last] = [tap(0, column) & 255, tap(1, column) & 255, tap(2, column) & 255];
      words[c * size + column] = first | (middle << 8) | (middle << 16) | (last << 24);
    }
    words.set(epilogueWords(requantization, { channel: c, bias: bias[c] ?? 0 }), c * size + 3);
  }
  return words;
}

/** Start of the sums * 2^8, multiplier, and the right shift where both roundings show. */
function epilogueWords(requantization: Requantization, { channel, bias }: { readonly channel: number; readonly bias: number }): readonly number[] {
  const multiplier = requantization.channels[channel]?.multiplier ?? 0;
  if (requantization.kind === "affine") return [(256 * bias + (requantization.channels[channel]?.bias ?? 0)) | 0, multiplier];
  return [(256 * bias) | 0, multiplier, -(requantization.channels[channel]?.shift ?? -1)];
}

function channelsOf(layer: Layer): readonly Channel[] {
  const weights = dataOf(layer, "weights");
  const bias = dataOf(layer, "bias");
  const multiplier = dataOf(layer, "multiplier");
  const shift = dataOf(layer, "shift");
  const range = { min: numberOf(layer, "clamp_min"), max: numberOf(layer, "clamp_max") };
  return Array.from(bias, (start, c): Channel => ({
    multiplier: multiplier[multiplier.length === 1 ? 0 : c] ?? 0, shift: shift[shift.length === 1 ? 0 : c] ?? 0, outputZero: numberOf(layer, "out_zero"), range,
    accumulator: accumulatorRange({ weights: Array.from({ length: 9 }, (_, tap) => weights[tap * bias.length + c] ?? 0), bias: start, inputZero: 0 }),
  }));
}
