import type { LayerNumbers } from "../layer-numbers.ts";
import { channelRuns } from "./channel-runs.ts";
import { start, widenedOrder, wordOf } from "./pair-stream.ts";
import { affineForm, type Requantization } from "./requantization.ts";

/** Taps of one turn of the loop. */
export const BLOCK_TAPS = 8;
/** Bit of the kernel's kind: the stream starts with the one requantization of all channels. */
export const SHARED = 2;

export interface RowStreamInput extends LayerNumbers {
  readonly requantization: Requantization;
  /** One multiplier and shift for all channels. */
  readonly shared: boolean;
}

/**
 * Constants of a layer with one row, in the order in which its loop reads them: runs of channels, in each four output
 * channels at a time, as two pairs of an odd channel and the even one before it. Pairs share a weight word as in
 * pair-stream.ts.
 *
 *   5 words:        requantization, when it is shared
 *   word:           channels of the run; 0: there are no more runs
 *   per four of the run:
 *     2 words:      starts of the odd channels
 *     4 + 4 words:  eight taps of the first pair, and of the second; taps in the order (0, 2), (1, 3) of each four
 *     2 words:      starts of the even channels
 *     5 words:      requantization, when it is not shared: four multipliers (odd, even, odd, even), then the addend of the
 *                   affine form or the four right shifts, a byte each
 *
 * One or two channels at the end of a run have no second pair. Taps are filled up to whole blocks.
 */
export function rowStream({ weights, bias, requantization, shared }: RowStreamInput): Int32Array {
  const words = shared ? requantizationWords(requantization, { from: 0, to: bias.length }) : [];
  let first = 0;
  for (const run of channelRuns(weights, bias.length, [1])) {
    words.push(run);
    for (let from = first; from < first + run; from += 4) {
      const channels = { from, to: Math.min(from + 4, first + run) };
      for (const word of fourWords({ weights, bias, requantization, channels })) words.push(word);
      if (!shared) words.push(...requantizationWords(requantization, channels));
    }
    first += run;
  }
  return Int32Array.from([...words, 0]);
}

/** Neighbouring channels, the last one excluded. */
interface Channels {
  readonly from: number;
  readonly to: number;
}

function fourWords({ weights, bias, requantization, channels: { from, to } }: Pick<RowStreamInput, "weights" | "bias" | "requantization"> & { readonly channels: Channels }): readonly number[] {
  const taps = weights.length / bias.length;
  const order = tapOrder(taps);
  const weight = (channel: number, at: number): number => {
    const tap = order[at] ?? -1;
    return tap < 0 || channel >= to ? 0 : (weights[channel * taps + tap] ?? 0);
  };
  const half = (even: number, at: number): number => 256 * weight(even + 1, at) + weight(even, at);
  const startOf = (channel: number, lane: "odd" | "even"): number => (channel < to ? start(requantization, { channel, bias: bias[channel] ?? 0, lane }) : 0);
  const words = [startOf(from + 1, "odd"), startOf(from + 3, "odd")];
  for (let block = 0; block < order.length; block += BLOCK_TAPS) {
    for (const even of to - from > 2 ? [from, from + 2] : [from]) {
      for (let at = block; at < block + BLOCK_TAPS; at += 2) words.push(wordOf(half(even, at), half(even, at + 1)));
    }
  }
  return [...words, startOf(from, "even"), startOf(from + 2, "even")];
}

/** Widened taps in whole blocks; -1: filling. */
function tapOrder(taps: number): Int32Array {
  const order = new Int32Array(Math.ceil(taps / BLOCK_TAPS) * BLOCK_TAPS).fill(-1);
  order.set(widenedOrder(1, taps));
  return order;
}

/** Multipliers of four channels, odd before even, and what goes with them. A channel beyond the last repeats it. */
function requantizationWords(requantization: Requantization, { from, to }: Channels): number[] {
  const four = [1, 0, 3, 2].map((lane) => Math.min(from + lane, to - 1));
  const multipliers = four.map((channel) => requantization.channels[channel]?.multiplier ?? 0);
  if (requantization.kind === "affine") return [...multipliers, affineForm.addend];
  return [...multipliers, four.reduce((word, channel, lane) => word | (-(requantization.channels[channel]?.shift ?? -1) << (8 * lane)), 0)];
}
