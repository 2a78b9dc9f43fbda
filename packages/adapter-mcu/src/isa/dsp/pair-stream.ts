import type { LayerNumbers } from "../layer-numbers.ts";
import { type Sign, channelRuns, pairSign } from "./channel-runs.ts";
import type { Requantization } from "./requantization.ts";

export interface PairStreamInput extends LayerNumbers {
  /** Order of the taps: position in the widened input → index of the tap, or -1 where nothing is multiplied. Length a multiple of 4. */
  readonly order: Int32Array;
  readonly requantization: Requantization;
}

/**
 * Constants of a layer in the order in which its loop reads them: runs of channels, in each two output channels at a time.
 *
 *   word:  channels of the run; 0: there are no more runs
 *   per pair of the run:
 *     word:  start of the odd channel · 2^8-scaled sum
 *     words: two taps each, a half a tap:  2^8 · w[odd] + w[even]        one byte a weight
 *     words: start of the even channel, multiplier odd, multiplier even; exact form only: right shift odd | even << 8
 *
 * A dual MAC with such a word adds 2^8 · S_odd + S_even; sign-extending its low bytes leaves w[even], whose dual MAC gives
 * S_even alone. A run of an odd number of channels ends with a pair whose odd half is zero. Where the halves do not fit
 * otherwise, an even channel has its weights, start and multiplier negated, which leaves every product as it is.
 */
export function pairStream({ weights, bias, order, requantization }: PairStreamInput): Int32Array {
  const taps = weights.length / bias.length;
  const words: number[] = [];
  let first = 0;
  for (const run of channelRuns(weights, bias.length, signs)) {
    words.push(run);
    for (let even = first; even < first + run; even += 2) {
      const odd = even + 1 < first + run ? even + 1 : null;
      words.push(odd === null ? 0 : start(requantization, { channel: odd, bias: bias[odd] ?? 0, lane: "odd" }));
      const sign = odd === null ? 1 : (pairSign(weights.subarray(even * taps, (odd + 1) * taps), signs) ?? 1);
      const half = (at: number): number => {
        const tap = order[at] ?? -1;
        if (tap < 0) return 0;
        return 256 * (odd === null ? 0 : (weights[odd * taps + tap] ?? 0)) + sign * (weights[even * taps + tap] ?? 0);
      };
      for (let at = 0; at < order.length; at += 2) words.push(wordOf(half(at), half(at + 1)));
      words.push((sign * start(requantization, { channel: even, bias: bias[even] ?? 0, lane: "even" })) | 0, ...requantizationWords(requantization, { odd, even, sign }));
    }
    first += run;
  }
  return Int32Array.from([...words, 0]);
}

/** Where each channel has a multiplier of its own, it can be negated. */
const signs: readonly Sign[] = [1, -1];

/** Two int16 halves. */
export function wordOf(low: number, high: number): number {
  return (low & 0xffff) | (high << 16);
}

interface Pair {
  readonly odd: number | null;
  readonly even: number;
  readonly sign: Sign;
}

function requantizationWords(requantization: Requantization, { odd, even, sign }: Pair): readonly number[] {
  const { channels } = requantization;
  const multipliers = [odd === null ? 0 : (channels[odd]?.multiplier ?? 0), sign * (channels[even]?.multiplier ?? 0)];
  if (requantization.kind === "affine") return multipliers;
  const rightShift = (channel: number | null): number => (channel === null ? 1 : -(requantization.channels[channel]?.shift ?? -1));
  return [...multipliers, rightShift(odd) | (rightShift(even) << 8)];
}

/** Modulo 2^32, as the accumulators are: only the finished sum has to fit. */
export function start(requantization: Requantization, { channel, bias, lane }: { readonly channel: number; readonly bias: number; readonly lane: "odd" | "even" }): number {
  if (requantization.kind === "affine") return (256 * bias + (requantization.channels[channel]?.bias ?? 0)) | 0;
  return ((lane === "odd" ? 256 : 2) * bias) | 0;
}

/**
 * Order of taps when rows of `rowTaps` bytes are widened word by word: a word of taps 0 1 2 3 becomes the pairs (0, 2) and
 * (1, 3). Rows are filled up to whole words with taps that count for nothing.
 */
export function widenedOrder(rows: number, rowTaps: number): Int32Array {
  const padded = Math.ceil(rowTaps / 4) * 4;
  const order = new Int32Array(rows * padded);
  for (let row = 0; row < rows; row++) {
    for (let word = 0; word < padded; word += 4) {
      [0, 2, 1, 3].forEach((tap, i) => {
        order[row * padded + word + i] = word + tap < rowTaps ? row * rowTaps + word + tap : -1;
      });
    }
  }
  return order;
}
