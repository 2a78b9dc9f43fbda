import { type PackedChannel, packedRequantization } from "./requantize.ts";

/** Output channels of a block, and the taps that its loop takes at a time. */
export const BLOCK_CHANNELS = 8;
export const BLOCK_TAPS = 4;

/**
 * Constants of a fully connected layer in the order in which its loop reads them: eight output channels at a time.
 *
 *   bytes: for each tap, w + 128 of the eight channels; 0 for taps beyond K, up to a multiple of four, and for channels beyond
 *          the last
 *   words: for each of the eight channels, 2^5 · bias + right shift, multiplier
 *
 * weights [channels][taps].
 */
export function rowStream(weights: Int8Array, channels: readonly PackedChannel[]): Int32Array {
  const taps = weights.length / channels.length;
  const padded = Math.ceil(taps / BLOCK_TAPS) * BLOCK_TAPS;
  const blocks = Math.ceil(channels.length / BLOCK_CHANNELS);
  const words = new Int32Array(blocks * ((padded * BLOCK_CHANNELS) / 4 + 2 * BLOCK_CHANNELS));
  let at = 0;
  for (let first = 0; first < channels.length; first += BLOCK_CHANNELS) {
    for (let k = 0; k < padded; k++) {
      for (let c = 0; c < BLOCK_CHANNELS; c++, at++) {
        const o = first + c;
        const byte = k < taps && o < channels.length ? (weights[o * taps + k] ?? 0) + 128 : 0;
        words[at >> 2] = (words[at >> 2] ?? 0) | (byte << (8 * (at & 3)));
      }
    }
    words.set(packedRequantization(channels.slice(first, first + BLOCK_CHANNELS)), at >> 2);
    at += 8 * BLOCK_CHANNELS;
  }
  return words;
}
