import { invariant } from "@edgewise/graph";
import type { Channel } from "../epilogue/channel.ts";
import { type Interval, accumulatorRange } from "../epilogue/range.ts";
import type { Layer } from "../program.ts";

/** The array that a parameter of the layer points at. */
export function dataOf(layer: Layer, field: string): Int8Array | Int32Array {
  const parameter = layer.parameters[field];
  const array = layer.arrays.find(({ name }) => typeof parameter === "object" && name === parameter?.array);
  invariant(array !== undefined, `${field} is an array of ${layer.kernel}`);
  return array.data;
}

/** A parameter that is a number. */
export function numberOf(layer: Layer, field: string): number {
  const parameter = layer.parameters[field];
  invariant(typeof parameter === "number", `${field} is a number of ${layer.kernel}`);
  return parameter;
}

/** Constants of a layer that multiplies, per output channel. */
export interface LayerNumbers {
  /** [channels][taps] */
  readonly weights: Int8Array;
  readonly bias: Int32Array;
  readonly channels: readonly Channel[];
}

/** The constants of a portable convolution or product, weights [out][...]. `inputZero` is folded into its bias. */
export function layerNumbers(layer: Layer): LayerNumbers {
  const weights = dataOf(layer, "weights");
  const bias = dataOf(layer, "bias");
  const multiplier = dataOf(layer, "multiplier");
  const shift = dataOf(layer, "shift");
  invariant(weights instanceof Int8Array && bias instanceof Int32Array, "int8 weights, int32 biases");
  const taps = weights.length / bias.length;
  const range = { min: numberOf(layer, "clamp_min"), max: numberOf(layer, "clamp_max") };
  const channels = Array.from(bias, (start, o): Channel => ({
    multiplier: multiplier[multiplier.length === 1 ? 0 : o] ?? 0, shift: shift[shift.length === 1 ? 0 : o] ?? 0, range, outputZero: numberOf(layer, "out_zero"),
    accumulator: sumsOf(weights.subarray(o * taps, (o + 1) * taps), start),
  }));
  return { weights, bias, channels };
}

/** Sums over all int8 inputs, the zero point being in the bias already. */
function sumsOf(weights: Int8Array, bias: number): Interval {
  return accumulatorRange({ weights, bias, inputZero: 0 });
}
