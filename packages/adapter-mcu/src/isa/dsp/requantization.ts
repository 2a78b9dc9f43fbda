import { invariant } from "@edgewise/graph";
import { type Affine, type AffineForm, solveAffine } from "../../epilogue/affine.ts";
import type { Channel } from "../../epilogue/channel.ts";
import { type Interval, accumulatorRange } from "../../epilogue/range.ts";
import type { Layer } from "../../program.ts";
import { dataOf, numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";

/**
 * The one affine epilogue of all layers: y = ssat8((hi32((256 · x + b') · m) - 2^17) >> 10).
 *
 * One form for every layer keeps the shift an immediate operand of code that all layers share. Scales from 2^-17 to 2^-2
 * have a multiplier in it.
 */
export const affineForm: AffineForm = { accumulatorBits: 8, addend: -(2 ** 17), shift: 10, clamp: null };

/** How the sums of a layer become int8: two instructions where that is proved for each channel, else the reference's own steps. */
export type Requantization =
  | { readonly kind: "affine"; readonly channels: readonly Affine[] }
  | { readonly kind: "exact"; readonly channels: readonly Channel[] };

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

/**
 * The epilogue of a layer; null when the shared accumulators cannot hold its sums or its factors need a left shift.
 *
 * Both lanes work on 2^8 · x, which must fit int32. Placeholder numbers take the exact form, whose tables are larger.
 */
export function requantizationOf(channels: readonly Channel[], numbers: Numbers): Requantization | null {
  if (!channels.every(fitsExact)) return null;
  if (numbers === "provisional") return { kind: "exact", channels };
  const solved: Affine[] = [];
  for (const channel of channels) {
    const affine = solveAffine(channel, affineForm);
    if (affine === null) return { kind: "exact", channels };
    solved.push(affine);
  }
  return { kind: "affine", channels: solved };
}

function fitsExact({ accumulator: { min, max }, shift }: Channel): boolean {
  return shift <= -1 && shift >= -31 && min >= -(2 ** 23) && max < 2 ** 23;
}
