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
 * taps at a time, which always fit. Channels beyond the last and taps beyond K have weight 0. The bias holds what the lane
 * offsets add.
 */
export function laneStream({ weights, bias, channels, reserve }: LaneStreamInput): Int32Array {
  const taps = weights.length / bias.length;
  const groups = Math.ceil(taps / GROUP_TAPS);
  const bytes: number[] = [];
  for (let even = 0; even < bias.length; even += 2) {
    const pair = [even, even + 1].map((o) => paddedRow({ weights, channel: o < bias.length ? o : null, taps, groups }));
    const split = pair.map((row) => spillRow(row, groups));
    const most = Math.min(Math.ceil(groups / 2), CAREFUL - 1);
    const careful = split.some((channel) => channel === null) || split.reduce((sum, channel) => sum + (channel?.spills.length ?? 0), 0) > most;
    const rows = careful ? pair : split.map((channel) => channel?.kept ?? new Int8Array());
    const spills = careful ? [[], []] : split.map((channel) => channel?.spills ?? []);
    const shifts = [even, even + 1].map((o) => -(channels[o]?.shift ?? -1));
    bytes.push(...(careful ? [CAREFUL, CAREFUL] : spills.map(({ length }) => length)), ...shifts);
    for (let k = 0; k < rows[0]!.length; k += GROUP_TAPS) {
      for (const row of rows) for (const w of row.subarray(k, k + GROUP_TAPS)) bytes.push(w + 128);
    }
    const entries = spills.flat();
    const room = reserve ? Math.ceil(most / 2) * 2 : Math.ceil(entries.length / 2) * 2;
    for (let i = 0; i < room; i++) bytes.push(...wordBytes(entries[i] ?? 0).slice(0, 2));
    for (const [lane, o] of [even, even + 1].entries()) {
      const folds = careful ? 2 * groups : groups + (spills[lane]?.length ?? 0);
      bytes.push(...wordBytes((bias[o] ?? 0) - folds * LANE_OFFSET), ...wordBytes(channels[o]?.multiplier ?? 0));
    }
  }
  return new Int32Array(Uint8Array.from(bytes).buffer);
}
