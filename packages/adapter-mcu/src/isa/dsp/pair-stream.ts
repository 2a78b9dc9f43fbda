import type { LayerNumbers, Requantization } from "./requantization.ts";

/** Weights of one layer for the dual MAC, and how they come to be. */
export interface PairStream {
  readonly words: Int32Array;
  readonly exact: boolean;
}

export interface PairStreamInput extends LayerNumbers {
  /** Order of the taps: position in the widened input → index of the tap, or -1 where nothing is multiplied. Length a multiple of 4. */
  readonly order: Int32Array;
  readonly requantization: Requantization;
}

/**
 * Constants of a layer in the order in which its loop reads them: two output channels at a time.
 *
 *   word:  start of the odd channel · 2^8-scaled sum
 *   words: two taps each, a half a tap:  2^8 · w[odd] + w[even]        one byte a weight
 *   words: start of the even channel, multiplier odd, multiplier even; exact form only: right shift odd | even << 8
 *
 * A dual MAC with such a word adds 2^8 · S_odd + S_even; sign-extending its low bytes leaves w[even], whose dual MAC gives
 * S_even alone. An odd number of channels ends with a pair whose odd half is zero. Null when a half does not fit
 * 16 bits (w[odd] = -128 with a negative w[even]).
 */
export function pairStream({ weights, bias, order, requantization }: PairStreamInput): PairStream | null {
  const channels = bias.length;
  const taps = weights.length / channels;
  const tail = requantization.kind === "affine" ? 3 : 4;
  const pairs = Math.ceil(channels / 2);
  const words = new Int32Array(pairs * (1 + order.length / 2 + tail));
  let at = 0;
  for (let even = 0; even < channels; even += 2) {
    const odd = even + 1 < channels ? even + 1 : null;
    words[at++] = odd === null ? 0 : start(requantization, { channel: odd, bias: bias[odd] ?? 0, lane: "odd" });
    const half = (tap: number): number => {
      const index = order[tap] ?? -1;
      if (index < 0) return 0;
      return 256 * (odd === null ? 0 : (weights[odd * taps + index] ?? 0)) + (weights[even * taps + index] ?? 0);
    };
    for (let tap = 0; tap < order.length; tap += 2) {
      const low = half(tap);
      const high = half(tap + 1);
      if (Math.min(low, high) < -32768 || Math.max(low, high) > 32767) return null;
      words[at++] = (low & 0xffff) | (high << 16);
    }
    words[at++] = start(requantization, { channel: even, bias: bias[even] ?? 0, lane: "even" });
    words[at++] = odd === null ? 0 : (requantization.channels[odd]?.multiplier ?? 0);
    words[at++] = requantization.channels[even]?.multiplier ?? 0;
    if (requantization.kind === "exact") {
      const shift = (channel: number | null): number => -((channel === null ? null : requantization.channels[channel])?.shift ?? -1);
      words[at++] = shift(odd) | (shift(even) << 8);
    }
  }
  return { words, exact: requantization.kind === "exact" };
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
