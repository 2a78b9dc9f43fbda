import type { Channel } from "../../epilogue/channel.ts";

/** Taps whose products are summed in one register before its lanes are taken apart. */
export const GROUP_TAPS = 4;
/** Added to each lane of such a sum, so that neither is negative. */
export const LANE_OFFSET = 32767;
/** Words that a group of inputs takes: their correction, then the taps. */
export const GROUP_WORDS = GROUP_TAPS + 1;

/** Number of spilled taps that stands for the careful loop. */
const CAREFUL = 255;
/** A spilled weight is a multiple of this, five bits wide; its place is a word among the first 2^11. */
const SPILL_STEP = 8;
const SPILL_WORDS = 2048;

/** A layer's constants in the order in which its loop reads them. */
export interface LaneStreamInput {
  /** [channels][taps] */
  readonly weights: Int8Array;
  readonly bias: Int32Array;
  /** Each with a factor below one half: shift <= -1. */
  readonly channels: readonly Channel[];
  /** Whether room is kept for as many spilled taps as a stream may have. */
  readonly reserve: boolean;
}

/**
 * Constants of a layer for two pixels in the lanes of one register, two output channels at a time.
 *
 *   word:       spilled taps of the even channel, of the odd one, right shift of the even, of the odd: a byte each
 *   bytes:      for each four taps, w + 128 of the even channel, then of the odd one
 *   half words: spilled taps, even channel first: word of the tap's input · 2^5 + weight / 8; a whole number of words
 *   words:      bias and multiplier of the even channel, of the odd one
 *
 * A sum S of four products lies within its 16-bit lane when 0 <= S + 32767 < 2^16 for all inputs; a weight too much of it is
 * spilled in part into a sum of its own. A pair that would spill more than a quarter of its sums runs in a loop that takes two
 * taps at a time, which always fit: any two weights do. Channels beyond the last and taps beyond K have weight 0. The bias holds what the lane
 * offsets add.
 */
export function laneStream(input: LaneStreamInput): Int32Array {
  const { weights, bias, reserve } = input;
  const groups = Math.ceil(weights.length / bias.length / GROUP_TAPS);
  const most = Math.min(Math.ceil(groups / 4) + 1, CAREFUL - 1);
  const bytes: number[] = [];
  let spare = 0;
  for (let even = 0; even < bias.length; even += 2) {
    const pair = [channelOf(input, even, groups), channelOf(input, even + 1, groups)];
    const spilled = pair.map(({ weights: row }) => spill(row));
    const careful = spilled.some((part) => part === null) || spilled.reduce((sum, part) => sum + (part?.spills.length ?? 0), 0) > most;
    const parts = pair.map(({ weights: row }, i) => (careful ? null : spilled[i]) ?? { kept: row, spills: [] });
    const spills = parts.flatMap((part) => part.spills);
    bytes.push(...parts.map((part) => (careful ? CAREFUL : part.spills.length)), ...pair.map(({ rightShift }) => rightShift));
    for (let k = 0; k < GROUP_TAPS * groups; k += GROUP_TAPS) {
      for (const { kept } of parts) for (const w of kept.subarray(k, k + GROUP_TAPS)) bytes.push(w + 128);
    }
    for (const entry of spills) bytes.push(entry & 255, entry >> 8);
    if (spills.length % 2 === 1) bytes.push(0, 0);
    for (const [i, { start, multiplier }] of pair.entries()) {
      const folds = careful ? 2 * groups : groups + (parts[i]?.spills.length ?? 0);
      bytes.push(...littleEndian(start - folds * LANE_OFFSET), ...littleEndian(multiplier));
    }
    spare += Math.ceil(most / 2) - Math.ceil(spills.length / 2);
  }
  return words(bytes, reserve ? spare : 0);
}

interface StreamChannel {
  readonly weights: Int8Array;
  readonly start: number;
  readonly multiplier: number;
  readonly rightShift: number;
}

/** A channel's numbers, its weights filled up to whole groups; zeros behind the last channel. */
function channelOf({ weights, bias, channels }: LaneStreamInput, o: number, groups: number): StreamChannel {
  const taps = weights.length / bias.length;
  const padded = new Int8Array(GROUP_TAPS * groups);
  if (o < bias.length) padded.set(weights.subarray(o * taps, (o + 1) * taps));
  return { weights: padded, start: bias[o] ?? 0, multiplier: channels[o]?.multiplier ?? 0, rightShift: -(channels[o]?.shift ?? -1) };
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
