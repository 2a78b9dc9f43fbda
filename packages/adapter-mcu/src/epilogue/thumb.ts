import { type Channel, isMonotone } from "./channel.ts";
import { fitsInt32 } from "./high-word.ts";
import { provesEqual } from "./proof.ts";
import { type Interval, descending } from "./range.ts";
import { levelOf, thresholdsOf } from "./thresholds.ts";

/** What all channels of a layer share on a core whose only product is 32 × 32 → 32 bits. */
export interface ThumbForm {
  readonly multiplies: 1 | 2;
  /** q: bits of the multiplier's low part; 0 with one multiply. */
  readonly lowBits: number;
  /** Whether a dip is taken off below 0. */
  readonly signed: boolean;
}

/** What a channel has of its own. */
export interface Thumb {
  /** Sum that counts as 0; fold its negative into the accumulator's start value. */
  readonly low: number;
  /** Largest place above `low` that matters: u is held within 0 .. span. */
  readonly span: number;
  /** In [0, 2^32). */
  readonly multiplierHigh: number;
  /** In [0, 2^q); 0 with one multiply. */
  readonly multiplierLow: number;
  /** c: int32. */
  readonly addend: number;
  /** Taken off where x < 0; in [0, 2^31); 0 in a form that is not signed. */
  readonly dip: number;
}

/** The result is the top byte of a register, so that nothing is left to clamp. */
const RESULT_SHIFT = 24;

/**
 * The epilogue of ARMv6-M.
 *
 *   u = min(max(x − low, 0), span)
 *   y = (u · high + ((u · lowPart) >>> q) + c − (x < 0 ? dip : 0)) >> 24
 *
 *   ASRS t, u, #31; BICS u, t; CMP u, span; BLE +; MOV u, span;          the clamp, on the sum instead of the result
 *   MULS lowPart, u; LSRS lowPart, #q; MULS high, u; ADDS; ADDS c; ASRS #24        one multiply: without the first two and an ADDS
 *
 * The clamp serves every range of results. u · high + ((u · lowPart) >>> q) = floor(u · (high · 2^q + lowPart) / 2^q) never
 * falls, as u never does and the multiplier is not negative; dip >= 0 keeps that. u · high may wrap, since the final sum
 * lies in int32; u · lowPart must be below 2^32. Source: Armv6-M Architecture Reference Manual.
 */
export function thumbValue({ lowBits }: ThumbForm, by: Thumb, x: number): number {
  return Math.floor(registerOf(lowBits, by, x) / 2 ** RESULT_SHIFT);
}

function registerOf(lowBits: number, { low, span, multiplierHigh, multiplierLow, addend, dip }: Thumb, x: number): number {
  const u = Math.min(Math.max(x - low, 0), span);
  return u * multiplierHigh + Math.floor((u * multiplierLow) / 2 ** lowBits) + addend - (x < 0 ? dip : 0);
}

/** Whether every register holds its number over the channel's interval. */
export function thumbFits({ accumulator: { min, max } }: Channel, { lowBits }: ThumbForm, by: Thumb): boolean {
  const small = by.multiplierLow < 2 ** lowBits && by.span * by.multiplierLow < 4294967296 && by.multiplierHigh < 4294967296;
  return small && by.dip >= 0 && [by.low, by.addend, by.dip, min - by.low, max - by.low].every(fitsInt32) && [min, max].every((x) => fitsInt32(registerOf(lowBits, by, x)));
}

/** Multipliers tried on either side of the ideal one. */
const SPAN = 512;

/** A channel's numbers in a form, proved equal to the reference for every sum that occurs; null where none is found. */
export function solveThumb(channel: Channel, form: ThumbForm, thresholds: Float64Array = thresholdsOf(channel)): Thumb | null {
  const reach = reachOf(channel, thresholds);
  const span = reach.high - reach.low;
  if (span >= 2 ** (32 - form.lowBits)) return null;
  const others = problemOf(channel, thresholds, form.signed ? "others" : "all");
  const negative = form.signed ? problemOf(channel, thresholds, "negative") : null;
  const ideal = span === 0 ? 0 : Math.round(channel.multiplier * 2 ** (channel.shift - 31 + RESULT_SHIFT + form.lowBits));
  for (let i = 0; i <= 2 * SPAN; i++) {
    const multiplier = ideal + (i % 2 === 0 ? i / 2 : -(i + 1) / 2);
    if (multiplier < 0) continue;
    const product = { multiplier, span, lowBits: form.lowBits };
    const addends = addendsOf(others, product);
    const dipped = addends === null || negative === null ? addends : addendsOf(negative, product);
    const pair = addends === null || dipped === null ? null : descending(addends, dipped, middle(addends));
    if (pair === null) continue;
    const found = { low: reach.low, span, ...split(multiplier, form.lowBits), addend: pair.above, dip: pair.above - pair.below };
    if (thumbFits(channel, form, found) && provesEqual(channel, (x) => thumbValue(form, found, x), thresholds)) return found;
  }
  return null;
}

export interface ThumbLayer {
  readonly form: ThumbForm;
  /** In the order of the channels given. */
  readonly channels: readonly Thumb[];
  /** Whether sums occur below place 0 and above the span of any channel: where not, that half of the clamp can go. */
  readonly clampsLow: boolean;
  readonly clampsHigh: boolean;
}

/** Largest q: products stay below 2^53, where doubles are exact. */
const MOST_LOW_BITS = 20;

/**
 * The cheapest form that is exact on every channel of a layer; null where none is found or the reference wraps.
 *
 *   q = min(20, 32 − bits of the largest span)
 *
 * In order of cost: one multiply, one with a dip, two multiplies, two with a dip.
 */
export function solveThumbLayer(channels: readonly Channel[]): ThumbLayer | null {
  if (!channels.every(isMonotone)) return null;
  const thresholds = channels.map(thresholdsOf);
  const spans = channels.map((channel, c) => reachOf(channel, thresholds[c] as Float64Array)).map(({ low, high }) => high - low);
  const lowBits = Math.min(MOST_LOW_BITS, 32 - Math.ceil(Math.log2(Math.max(...spans, 1) + 1)));
  for (const multiplies of [1, 2] as const) {
    for (const signed of [false, true]) {
      const form: ThumbForm = { multiplies, lowBits: multiplies === 1 ? 0 : lowBits, signed };
      const solved = solveAll(channels, form, thresholds);
      if (solved !== null) return { form, channels: solved, ...clampsOf(channels, solved) };
    }
  }
  return null;
}

function solveAll(channels: readonly Channel[], form: ThumbForm, thresholds: readonly Float64Array[]): readonly Thumb[] | null {
  const solved: Thumb[] = [];
  for (const [c, channel] of channels.entries()) {
    const found = solveThumb(channel, form, thresholds[c]);
    if (found === null) return null;
    solved.push(found);
  }
  return solved;
}

function clampsOf(channels: readonly Channel[], solved: readonly Thumb[]): { readonly clampsLow: boolean; readonly clampsHigh: boolean } {
  const beyond = (is: (sums: Interval, by: Thumb) => boolean): boolean => channels.some(({ accumulator }, c) => is(accumulator, solved[c] as Thumb));
  return { clampsLow: beyond(({ min }, { low }) => min < low), clampsHigh: beyond(({ max }, { low, span }) => max > low + span) };
}

interface Reach {
  /** The last sum of the lowest result. */
  readonly low: number;
  /** The first sum of the highest result. */
  readonly high: number;
}

function reachOf({ accumulator: { min, max } }: Channel, thresholds: Float64Array): Reach {
  const inside = thresholds.filter((x) => x > min && x <= max);
  return inside.length === 0 ? { low: min, high: min } : { low: (inside[0] as number) - 1, high: inside[inside.length - 1] as number };
}

/** Places at which a level must be reached, or not yet, with the level as a register's number. */
interface Problem {
  readonly reach: Float64Array;
  readonly below: Float64Array;
  /** Level of each entry times 2^24, for `reach` and `below`. */
  readonly reachLevels: Float64Array;
  readonly belowLevels: Float64Array;
}

function problemOf(channel: Channel, thresholds: Float64Array, side: "all" | "negative" | "others"): Problem {
  const { min, max } = channel.accumulator;
  const counts = (x: number): boolean => side === "all" || (side === "negative" ? x < 0 : x >= 0);
  const { low, high } = reachOf(channel, thresholds);
  const place = (x: number): number => Math.min(Math.max(x - low, 0), high - low);
  // The last step that all sums reach is asked of the lowest sum, the first that none reaches of the highest.
  const asked = Array.from(thresholds, (first, j) => ({ first, level: levelOf(j) * 2 ** RESULT_SHIFT, j }))
    .filter(({ j }) => (thresholds[j + 1] ?? Infinity) > min && (thresholds[j - 1] ?? -Infinity) <= max);
  const reach = asked.map(({ first, level }) => ({ x: Math.max(first, min), level })).filter(({ x }) => x <= max && counts(x));
  const below = asked.map(({ first, level }) => ({ x: Math.min(first - 1, max), level })).filter(({ x }) => x >= min && counts(x));
  return {
    reach: Float64Array.from(reach, ({ x }) => place(x)),
    below: Float64Array.from(below, ({ x }) => place(x)),
    reachLevels: Float64Array.from(reach, ({ level }) => level),
    belowLevels: Float64Array.from(below, ({ level }) => level),
  };
}

interface Product {
  readonly multiplier: number;
  readonly span: number;
  readonly lowBits: number;
}

/** Addends that suit a multiplier and keep the sum in int32 from place 0 to `span`; null when there is none. */
function addendsOf({ reach, below, reachLevels, belowLevels }: Problem, { multiplier, span, lowBits }: Product): Interval | null {
  const unit = 2 ** lowBits;
  let min = -2147483648;
  let max = 2147483647 - Math.floor((span * multiplier) / unit);
  for (let n = 0; n < reach.length; n++) min = Math.max(min, (reachLevels[n] as number) - Math.floor(((reach[n] as number) * multiplier) / unit));
  for (let n = 0; n < below.length; n++) max = Math.min(max, (belowLevels[n] as number) - 1 - Math.floor(((below[n] as number) * multiplier) / unit));
  return min <= max ? { min, max } : null;
}

function middle({ min, max }: Interval): number {
  return Math.floor((min + max) / 2);
}

function split(multiplier: number, lowBits: number): { readonly multiplierHigh: number; readonly multiplierLow: number } {
  const multiplierHigh = Math.floor(multiplier / 2 ** lowBits);
  return { multiplierHigh, multiplierLow: multiplier - multiplierHigh * 2 ** lowBits };
}
