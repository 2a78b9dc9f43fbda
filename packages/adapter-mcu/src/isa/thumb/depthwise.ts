import type { Layer } from "../../program.ts";
import { numberOf } from "../layer-numbers.ts";
import { depthwiseNumbers } from "./depthwise-numbers.ts";
import { fitsHalves } from "./requantize.ts";

/** Bits of a right shift, below the bias in its word. */
const SHIFT_BITS = 5;

/** A depthwise convolution with one output for each input channel and at least two taps. */
export function thumbDepthwise(layer: Layer): Layer | null {
  const of = (name: string): number => numberOf(layer, name);
  const taps = of("kernel_height") * of("kernel_width");
  const { bias, channels } = depthwiseNumbers(layer, taps);
  if (of("multiple") !== 1 || taps < 2 || !channels.every(fitsHalves) || bias.some((start) => Math.abs(start) >= 2 ** (31 - SHIFT_BITS))) return null;
  const requantization = Int32Array.from({ length: 2 * bias.length }, (_, i) => {
    const { shift = -1, multiplier = 0 } = channels[i >> 1] ?? {};
    return i % 2 === 0 ? (bias[i >> 1] ?? 0) * 2 ** SHIFT_BITS - shift : multiplier;
  });
  const { in_channels: count = 0, multiple: _multiple, bias: _bias, multiplier: _multiplier, shift: _shift, ...rest } = layer.parameters;
  const weights = layer.arrays.filter(({ use }) => use === "weights");
  const name = `requantization_${weights[0]?.name.split("_").at(-1) ?? ""}`;
  return {
    ...layer, kernel: "depthwise_thumb",
    parameters: { ...rest, channels: count, taps, requantization: { array: name } },
    arrays: [...weights, { name, type: "int32_t", use: "requantization", data: requantization, comment: `[${bias.length}][2^5 * (bias, input zero point folded in) + right shift, multiplier]` }],
    scratchBytes: 8 * taps + of("in_channels"),
  };
}
