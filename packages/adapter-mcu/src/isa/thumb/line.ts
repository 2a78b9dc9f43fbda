import { type Channel, isMonotone } from "../../epilogue/channel.ts";
import { fitsInt32 } from "../../epilogue/high-word.ts";
import { provesEqual } from "../../epilogue/proof.ts";
import { type Interval, nearest } from "../../epilogue/range.ts";
import { levelOf, thresholdsOf } from "../../epilogue/thresholds.ts";

/** A channel whose register holds its sum plus `offset`. */
export interface LineChannel {
  readonly channel: Channel;
  readonly offset: number;
}

/** What the channels of a layer share. */
export interface LineForm {
  /** q: bits of the multiplier's lower part. */
  readonly productShift: number;
  /** s: bits of a result behind the point. */
  readonly resultShift: number;
}

/** What a channel has of its own. */
export interface Line {
  /** In [0, 2^31). */
  readonly multiplier: number;
  /** int32 */
  readonly start: number;
}

/** An exact requantization of a layer as lines, one a channel, in their order. */
export interface LineLayer extends LineForm {
  readonly lines: readonly Line[];
}

/**
 * The requantization as a line, before its saturation to int8.
 *
 *   value = (floor(x · m / 2^q) + start) >> s          x the register, m = upper · 2^q + lower
 *         = (x · upper + (x · lower >> q) + start) >> s      in products of 32 bits
 *
 * x · upper may wrap, since the whole is an int32; x · lower may not. Never falls, since m >= 0.
 */
export function lineValue({ productShift, resultShift }: LineForm, line: Line, x: number): number {
  return Math.floor(registerOf(productShift, line, x) / 2 ** resultShift);
}

function registerOf(productShift: number, { multiplier, start }: Line, x: number): number {
  const unit = 2 ** productShift;
  const upper = Math.floor(multiplier / unit);
  return x * upper + Math.floor((x * (multiplier - upper * unit)) / unit) + start;
}

/** Multipliers tried on either side of the ideal one. */
const SPAN = 64;
/** With fewer bits behind the point there is no exact line to hope for. */
const LEAST_RESULT_SHIFT = 12;

/**
 * The lines of a layer, proved for every sum that occurs; null where a channel has none, a clamp lies inside int8, or results
 * go below the zero point.
 *
 *   q = min(20, 31 − bits of the largest |register|),  s = 31 − bits of the largest |result| + 256
 *
 * A line has one floor where the reference has two roundings, the second away from zero, which differ below the zero point.
 */
export function solveLines(channels: readonly LineChannel[]): LineLayer | null {
  if (!channels.every(({ channel }) => channel.outputZero === -128 && channel.range.min === -128 && channel.range.max === 127 && isMonotone(channel))) return null;
  const ends = channels.flatMap(({ channel, offset }) => [channel.accumulator.min, channel.accumulator.max].map((x) => ({ x: Math.abs(x + offset), y: Math.abs(x) * factorOf(channel) })));
  const form = {
    productShift: Math.min(31 - bitsOf(Math.max(...ends.map(({ x }) => x))), 20),
    resultShift: 31 - bitsOf(Math.max(...ends.map(({ y }) => y)) + 256),
  };
  if (form.productShift < 1 || form.resultShift < LEAST_RESULT_SHIFT) return null;
  const lines: Line[] = [];
  for (const each of channels) {
    const line = solveLine(each, form);
    if (line === null) return null;
    lines.push(line);
  }
  return { ...form, lines };
}

function factorOf({ multiplier, shift }: Channel): number {
  return multiplier * 2 ** (shift - 31);
}

/** Bits of a number that is not negative. */
function bitsOf(x: number): number {
  return Math.ceil(Math.log2(Math.floor(x) + 1));
}

function solveLine({ channel, offset }: LineChannel, form: LineForm): Line | null {
  const thresholds = thresholdsOf(channel);
  const ideal = Math.round(factorOf(channel) * 2 ** (form.resultShift + form.productShift));
  for (let i = 0; i <= 2 * SPAN; i++) {
    const multiplier = ideal + (i % 2 === 0 ? i / 2 : -(i + 1) / 2);
    if (multiplier < 0 || multiplier >= 2 ** 31) continue;
    const starts = startsOf({ channel, offset }, { form, multiplier, thresholds });
    if (starts.min > starts.max) continue;
    const line = { multiplier, start: nearest(starts, Math.floor((starts.min + starts.max) / 2)) };
    if (fits({ channel, offset }, form, line) && provesEqual(channel, (x) => lineValue(form, line, x + offset), thresholds)) return line;
  }
  return null;
}

interface Trial {
  readonly form: LineForm;
  readonly multiplier: number;
  readonly thresholds: Float64Array;
}

/** Starts with which every threshold lies where the reference has it; empty when there is none. */
function startsOf({ channel, offset }: LineChannel, { form: { productShift, resultShift }, multiplier, thresholds }: Trial): Interval {
  let min = -(2 ** 31);
  let max = 2 ** 31 - 1;
  const height = (x: number): number => registerOf(productShift, { multiplier, start: 0 }, x + offset);
  for (let j = 0; j < thresholds.length; j++) {
    const level = levelOf(j) * 2 ** resultShift;
    const x = thresholds[j] ?? 0;
    if (x <= channel.accumulator.max) min = Math.max(min, level - height(x));
    if (x > channel.accumulator.min) max = Math.min(max, level - 1 - height(x - 1));
    if (min > max) break;
  }
  return { min, max };
}

function fits({ channel: { accumulator }, offset }: LineChannel, { productShift }: LineForm, line: Line): boolean {
  return fitsInt32(line.start) && [accumulator.min, accumulator.max].every((x) => fitsInt32((x + offset) * 2 ** productShift) && fitsInt32(registerOf(productShift, line, x + offset)));
}
