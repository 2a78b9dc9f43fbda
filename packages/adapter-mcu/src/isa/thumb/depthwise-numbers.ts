import { invariant } from "@edgewise/graph";
import { accumulatorRange } from "../../epilogue/range.ts";
import type { Layer } from "../../program.ts";
import { dataOf, numberOf } from "../layer-numbers.ts";
import type { PackedChannel } from "./requantize.ts";

/** Per-channel constants of a portable depthwise convolution, weights [taps][channels]. */
export function depthwiseNumbers(layer: Layer, taps: number): readonly PackedChannel[] {
  const [weights, bias, multiplier, shift] = ["weights", "bias", "multiplier", "shift"].map((field) => dataOf(layer, field));
  invariant(weights instanceof Int8Array && bias instanceof Int32Array, "int8 weights, int32 biases");
  const range = { min: numberOf(layer, "clamp_min"), max: numberOf(layer, "clamp_max") };
  return Array.from(bias, (start, c): PackedChannel => ({
    bias: start,
    channel: {
      multiplier: multiplier?.[multiplier.length === 1 ? 0 : c] ?? 0, shift: shift?.[shift.length === 1 ? 0 : c] ?? 0, range, outputZero: numberOf(layer, "out_zero"),
      accumulator: accumulatorRange({ weights: Int8Array.from({ length: taps }, (_, k) => weights[k * bias.length + c] ?? 0), bias: start, inputZero: 0 }),
    },
  }));
}
