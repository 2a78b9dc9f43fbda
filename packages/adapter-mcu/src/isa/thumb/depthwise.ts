import type { Layer } from "../../program.ts";
import { numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { depthwiseNumbers } from "./depthwise-numbers.ts";
import { type LineForm, solveLines } from "./line.ts";
import { type PackedChannel, packedRequantization, packs } from "./requantize.ts";

/** A depthwise convolution with one output for each input channel and at least two taps. */
export function thumbDepthwise(layer: Layer, numbers: Numbers): Layer | null {
  if (numberOf(layer, "weight_zero") !== 0) return null;
  const of = (name: string): number => numberOf(layer, name);
  const taps = of("kernel_height") * of("kernel_width");
  const channels = depthwiseNumbers(layer, taps);
  if (of("multiple") !== 1 || taps < 2 || (numbers === "final" && !channels.every(packs))) return null;
  const { requantization, form } = requantizationOf(channels, numbers);
  const { in_channels: count = 0, multiple: _multiple, weight_zero: _weightZero, bias: _bias, multiplier: _multiplier, shift: _shift, ...rest } = layer.parameters;
  const weights = layer.arrays.filter(({ use }) => use === "weights");
  const name = `requantization_${weights[0]?.name.split("_").at(-1) ?? ""}`;
  return {
    ...layer, kernel: "depthwise_thumb",
    parameters: { ...rest, channels: count, taps, requantization: { array: name }, product_shift: form?.productShift ?? 0, result_shift: form?.resultShift ?? 0 },
    arrays: [...weights, { name, type: "int32_t", use: "requantization", data: requantization, comment: `[${channels.length}][${form === null ? "2^5 * (bias, input zero point folded in) + right shift" : "start of its line"}, multiplier]` }],
    scratchBytes: 8 * taps + of("in_channels"),
  };
}

interface Requantization {
  readonly requantization: Int32Array;
  /** Null: the reference's two roundings. */
  readonly form: LineForm | null;
}

/** Lines where they are proved. With placeholders there is room for the portable kernel's tables, of nine bytes a channel. */
function requantizationOf(channels: readonly PackedChannel[], numbers: Numbers): Requantization {
  if (numbers === "provisional") return { requantization: new Int32Array(2 * channels.length + Math.ceil(channels.length / 4)), form: null };
  const solved = solveLines(channels.map(({ channel, bias }) => ({ channel, offset: -bias })));
  if (solved === null) return { requantization: packedRequantization(channels), form: null };
  return { requantization: Int32Array.from(solved.lines.flatMap(({ start, multiplier }) => [start, multiplier])), form: solved };
}
