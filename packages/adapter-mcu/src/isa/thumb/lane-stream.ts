import type { Channel } from "../../epilogue/channel.ts";
import { solveLines } from "./line.ts";

/** Taps whose products are summed in one register before its lanes are taken apart. */
export const GROUP_TAPS = 4;
/** Added to each lane of such a sum, so that neither is negative. */
export const LANE_OFFSET = 32767;
/** Words that a group of inputs takes: their correction, then the taps. */
export const GROUP_WORDS: number = GROUP_TAPS + 1;

/** Number of spilled taps that stands for the careful loop. */
const CAREFUL = 255;
/** A spilled weight is a multiple of this, five bits wide; its place is a word among the first 2^11. */
const SPILL_STEP = 8;
const SPILL_WORDS = 2048;

/** Constants of a layer. */
export interface LaneStreamInput {
  /** [channels][taps] */
  readonly weights: Int8Array;
  readonly bias: Int32Array;
  readonly channels: readonly Channel[];
  /** Whether room is kept for as many spilled taps as a stream may have. */
  readonly reserve: boolean;
}

/**
 * Constants of a layer for two pixels in the lanes of one register, two output channels at a time, in the order in which the
 * loop reads them.
 *
 *   word:       a byte each: spilled taps of the even channel, of the odd one; q, and s + 128; without lines right shift of the
 *               even channel, of the odd one
 *   bytes:      for each four taps, w + 128 of the even channel, then of the odd one
 *   half words: spilled taps, even channel first: word of the tap's input · 2^5 + weight / 8; a whole number of words
 *   words:      start and multiplier of the even channel's line, of the odd one's; without lines bias and multiplier
 *
 * A sum S of four products lies within its 16-bit lane when 0 <= S + 32767 < 2^16 for all inputs; a weight too much of it is
 * spilled in part into a sum of its own. A pair that would spill from more than one in eight of its sums runs in a loop that
 * takes two taps at a time: any two fit. A pair whose channels both have a line (see line.ts) takes it. Channels beyond the
 * last and taps beyond K have weight 0.
 */
export function laneStream(input: LaneStreamInput): Int32Array {
  const { weights, bias, reserve } = input;
  const groups = Math.ceil(weights.length / bias.length / GROUP_TAPS);
  const most = Math.min(Math.ceil(groups / 4) + 1, CAREFUL - 1);
  const bytes: number[] = [];
  let spare = 0;
  for (let even = 0; even < bias.length; even += 2) {
    const { careful, parts } = pairOf(input, { even, groups, most });
    const spills = parts.flatMap((part) => part.spills);
    const { shifts, tails } = resultsOf(input, even, parts);
    bytes.push(...parts.map((part) => (careful ? CAREFUL : part.spills.length)), ...shifts);
    for (let k = 0; k < GROUP_TAPS * groups; k += GROUP_TAPS) {
      for (const { kept } of parts) for (const w of kept.subarray(k, k + GROUP_TAPS)) bytes.push(w + 128);
    }
    for (const entry of spills) bytes.push(entry & 255, entry >> 8);
    if (spills.length % 2 === 1) bytes.push(0, 0);
    bytes.push(...tails.flatMap(littleEndian));
    spare += Math.ceil(most / 2) - Math.ceil(spills.length / 2);
  }
  return words(bytes, reserve ? spare : 0);
}

interface Results {
  /** q and s + 128, or the right shifts. */
  readonly shifts: readonly [number, number];
  /** Start or bias, and multiplier, of both channels. */
  readonly tails: readonly number[];
}

/** How the sums of a pair become int8. */
function resultsOf({ bias, channels, reserve }: LaneStreamInput, even: number, parts: readonly Spilled[]): Results {
  const pair = channels.slice(even, even + 2).map((channel, i) => ({ channel, bias: bias[even + i] ?? 0, offset: LANE_OFFSET * (parts[i]?.spills.length ?? 0) }));
  const solved = reserve ? null : solveLines(pair.map(({ channel, bias: start, offset }) => ({ channel, offset: offset - start })));
  const tails = solved?.lines.flatMap(({ start, multiplier }) => [start, multiplier]) ?? pair.flatMap(({ channel, bias: start, offset }) => [start - offset, channel.multiplier]);
  const [first = -1, second = -1] = pair.map(({ channel }) => channel.shift);
  return { shifts: solved === null ? [-first, -second] : [solved.productShift, solved.resultShift + 128], tails: [...tails, 0, 0].slice(0, 4) };
}

interface Pair {
  readonly careful: boolean;
  readonly parts: readonly Spilled[];
}

/** Weights of two channels, split where their sums would leave their lanes. */
function pairOf(input: LaneStreamInput, { even, groups, most }: { readonly even: number; readonly groups: number; readonly most: number }): Pair {
  const rows = [even, even + 1].map((o) => paddedRow(input, o, groups));
  const parts = rows.map(spill).filter((part) => part !== null);
  const careful = parts.length < 2 || parts.reduce((sum, { spills }) => sum + spills.length, 0) > most;
  return careful ? { careful, parts: rows.map((kept) => ({ kept, spills: [] })) } : { careful, parts };
}

/** A channel's weights filled up to whole groups; zeros behind the last channel. */
function paddedRow({ weights, bias }: LaneStreamInput, o: number, groups: number): Int8Array {
  const taps = weights.length / bias.length;
  const padded = new Int8Array(GROUP_TAPS * groups);
  if (o < bias.length) padded.set(weights.subarray(o * taps, (o + 1) * taps));
  return padded;
}

interface Spilled {
  readonly kept: Int8Array;
  readonly spills: readonly number[];
}

/** Takes from the largest weights of each group what its lane cannot hold; null when a spilled tap's place has no number. */
function spill(weights: Int8Array): Spilled | null {
  const kept = weights.slice();
  const spills: number[] = [];
  for (let k = 0; k < weights.length; k += GROUP_TAPS) {
    const group = kept.subarray(k, k + GROUP_TAPS);
    while (!fitsLane(group)) {
      const tap = largest(group);
      const word = (k / GROUP_TAPS) * GROUP_WORDS + 1 + tap;
      if (word >= SPILL_WORDS) return null;
      const part = partOf(group, tap);
      group[tap] = (group[tap] ?? 0) - part;
      spills.push(word * 32 + ((part / SPILL_STEP) & 31));
    }
  }
  return { kept, spills };
}

/** Whether the sum of a group stays in its lane for all int8 inputs. */
function fitsLane(group: Int8Array): boolean {
  let least = LANE_OFFSET;
  let most = LANE_OFFSET;
  for (const w of group) {
    least += w > 0 ? -128 * w : 127 * w;
    most += w > 0 ? 127 * w : -128 * w;
  }
  return least >= 0 && most <= 65535;
}

function largest(group: Int8Array): number {
  return group.reduce((best, w, i) => (Math.abs(w) > Math.abs(group[best] ?? 0) ? i : best), 0);
}

/** The smallest part of a weight that makes its group fit, else all of it but a remainder. */
function partOf(group: Int8Array, tap: number): number {
  const weight = group[tap] ?? 0;
  const sign = weight < 0 ? -1 : 1;
  const trial = group.slice();
  for (let part = SPILL_STEP; part <= Math.abs(weight); part += SPILL_STEP) {
    trial[tap] = weight - sign * part;
    if (fitsLane(trial)) return sign * part;
  }
  return sign * Math.min(Math.floor(Math.abs(weight) / SPILL_STEP), 15) * SPILL_STEP;
}

function littleEndian(value: number): readonly number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
}

function words(bytes: readonly number[], spare: number): Int32Array {
  const packed = new Int32Array(bytes.length / 4 + spare);
  for (const [i, byte] of bytes.entries()) packed[i >> 2] = (packed[i >> 2] ?? 0) | (byte << (8 * (i & 3)));
  return packed;
}
