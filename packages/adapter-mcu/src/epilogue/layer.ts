import { type Affine, type AffineForm, affineValue, solveAffine } from "./affine.ts";
import { type Channel, isMonotone } from "./channel.ts";
import { type Signed, signedValue, solveSigned } from "./signed.ts";
import { thresholdsOf } from "./thresholds.ts";

/** An exact epilogue of a whole layer: one form, and each channel's numbers in the order of the channels given. */
export type LayerEpilogue =
  /** Two instructions: SMMLA, SSAT; then the form's clamp if it has one. */
  | { readonly kind: "affine"; readonly form: AffineForm; readonly channels: readonly Affine[] }
  /** Four instructions: AND, SUB, SMMLA, SSAT; likewise. */
  | { readonly kind: "signed"; readonly form: AffineForm; readonly channels: readonly Signed[] };

/** Why a layer keeps the reference's requantization. */
export type LayerRefusal =
  /** The reference itself wraps on this channel. */
  | { readonly kind: "wraps"; readonly channel: number }
  /** 2^k · x runs through more than 2^32 numbers. */
  | { readonly kind: "accumulator"; readonly channel: number; readonly accumulatorBits: number }
  /** A factor of at least 2^k needs a left shift. */
  | { readonly kind: "factor"; readonly channel: number }
  /** No numbers are found that make this channel exact. */
  | { readonly kind: "inexact"; readonly channel: number };

export type LayerSolution = { readonly ok: true; readonly epilogue: LayerEpilogue } | { readonly ok: false; readonly reason: LayerRefusal };

export interface LayerOptions {
  /** k of every channel; 8 by default: two channels share a 16-bit lane. */
  readonly accumulatorBits?: number;
}

/** Keeps |D| below 2^30, so that D plus any upper word is an int32. */
const MOST_SHIFT = 22;
/** Addends tried on either side of the natural one: each moves the grid of the thresholds against that of the biases. */
const ADDENDS = 8;

/**
 * One shift and addend for a layer, and for each channel its numbers, proved channel by channel.
 *
 *   s = min(22, k − 1 − max shift)                   the largest s with every multiplier below 2^31
 *   D = outputZero · 2^s + 2^(s − 1) + 2^(k − 2)     half a result, and half a unit of the reference's first rounding
 *
 * With this D a channel of the largest shift is exact with the reference's own multiplier and bias 0 wherever all its
 * levels lie above the zero point. Other addends near it are tried when a channel fails. In order of cost: affine, affine
 * and a clamp, signed, signed and a clamp; those with a clamp only where the channels' common range lies inside int8.
 */
export function solveLayer(channels: readonly Channel[], { accumulatorBits = 8 }: LayerOptions = {}): LayerSolution {
  const wraps = channels.findIndex((channel) => !isMonotone(channel));
  if (wraps >= 0) return refuse({ kind: "wraps", channel: wraps });
  const wide = channels.findIndex(({ accumulator: { min, max } }) => (max - min) * 2 ** accumulatorBits > 4294967295);
  if (wide >= 0) return refuse({ kind: "accumulator", channel: wide, accumulatorBits });
  const largest = Math.max(...channels.filter(({ multiplier }) => multiplier > 0).map(({ shift }) => shift), -31);
  if (largest > accumulatorBits - 1) return refuse({ kind: "factor", channel: channels.findIndex(({ shift }) => shift === largest) });
  const shift = Math.min(MOST_SHIFT, accumulatorBits - 1 - largest);
  const natural = (channels[0]?.outputZero ?? 0) * 2 ** shift + Math.floor(2 ** (shift - 1)) + Math.floor(2 ** (accumulatorBits - 2));
  const base = { accumulatorBits, shift, natural };
  const thresholds = channels.map(thresholdsOf);
  const clamps = clampsOf(channels);
  const affine = firstForm(formsOf(base, clamps), channels.length, (c, form) => solveAffine(channels[c] as Channel, form, thresholds[c]));
  if (affine.ok) return { ok: true, epilogue: { kind: "affine", form: affine.form, channels: affine.channels } };
  const signed = firstForm(formsOf(base, clamps), channels.length, (c, form) => solveSigned(channels[c] as Channel, form, thresholds[c]));
  if (signed.ok) return { ok: true, epilogue: { kind: "signed", form: signed.form, channels: signed.channels } };
  return refuse({ kind: "inexact", channel: signed.failed });
}

/** No clamp, then the channels' own where it lies inside int8. */
function clampsOf(channels: readonly Channel[]): readonly AffineForm["clamp"][] {
  const range = channels[0]?.range;
  return range === undefined || (range.min === -128 && range.max === 127) ? [null] : [null, range];
}

interface FormBase {
  readonly accumulatorBits: number;
  readonly shift: number;
  readonly natural: number;
}

/** The natural addend first, then its neighbours outwards; all of them for each clamp. */
function formsOf({ accumulatorBits, shift, natural }: FormBase, clamps: readonly AffineForm["clamp"][]): readonly AffineForm[] {
  return clamps.flatMap((clamp) =>
    Array.from({ length: 2 * ADDENDS + 1 }, (_, i): AffineForm => ({ accumulatorBits, shift, addend: natural + (i % 2 === 0 ? i / 2 : -(i + 1) / 2), clamp })));
}

/** What the epilogue of channel c answers for the sum x: an int8. */
export function epilogueValue(epilogue: LayerEpilogue, c: number, x: number): number {
  const value = epilogue.kind === "affine" ? affineValue(epilogue.form, epilogue.channels[c] as Affine, x) : signedValue(epilogue.form, epilogue.channels[c] as Signed, x);
  return value < -128 ? -128 : value > 127 ? 127 : value;
}

function refuse(reason: LayerRefusal): LayerSolution {
  return { ok: false, reason };
}

type Attempt<T> = { readonly ok: true; readonly form: AffineForm; readonly channels: readonly T[] } | { readonly ok: false; readonly failed: number };

/** The first form in which every channel has a solution. The channel that failed last is asked first. */
function firstForm<T>(forms: readonly AffineForm[], count: number, solve: (channel: number, form: AffineForm) => T | null): Attempt<T> {
  let failed = -1;
  for (const form of forms) {
    if (failed >= 0 && solve(failed, form) === null) continue;
    const channels: T[] = [];
    for (let c = 0; c < count; c++) {
      const found = solve(c, form);
      if (found === null) {
        failed = c;
        break;
      }
      channels.push(found);
    }
    if (channels.length === count) return { ok: true, form, channels };
  }
  return { ok: false, failed };
}
