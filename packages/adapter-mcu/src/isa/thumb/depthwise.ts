import type { Layer } from "../../program.ts";
import { numberOf } from "../layer-numbers.ts";
import { depthwiseNumbers } from "./depthwise-numbers.ts";
import { packedRequantization, packs } from "./requantize.ts";

/** A depthwise convolution with one output for each input channel and at least two taps. */
export function thumbDepthwise(layer: Layer): Layer | null {
  const of = (name: string): number => numberOf(layer, name);
  const taps = of("kernel_height") * of("kernel_width");
  const channels = depthwiseNumbers(layer, taps);
  if (of("multiple") !== 1 || taps < 2 || !channels.every(packs)) return null;
  const { in_channels: count = 0, multiple: _multiple, bias: _bias, multiplier: _multiplier, shift: _shift, ...rest } = layer.parameters;
  const weights = layer.arrays.filter(({ use }) => use === "weights");
  const name = `requantization_${weights[0]?.name.split("_").at(-1) ?? ""}`;
  return {
    ...layer, kernel: "depthwise_thumb",
    parameters: { ...rest, channels: count, taps, requantization: { array: name } },
    arrays: [...weights, { name, type: "int32_t", use: "requantization", data: packedRequantization(channels), comment: `[${channels.length}][2^5 * (bias, input zero point folded in) + right shift, multiplier]` }],
    scratchBytes: 8 * taps + of("in_channels"),
  };
}
