import { affineForm, type LayerNumbers, type Requantization } from "./requantization.ts";
import { start, widenedOrder } from "./pair-stream.ts";

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
 * Constants of a layer with one row, in the order in which its loop reads them: four output channels at a time, as two pairs
 * of an odd channel and the even one before it. Pairs share a weight word as in pair-stream.ts.
 *
 *   5 words:      requantization, when it is shared
 *   2 words:      starts of the odd channels
 *   4 + 4 words:  eight taps of the first pair, and of the second; taps in the order (0, 2), (1, 3) of each four
 *   2 words:      starts of the even channels
 *   5 words:      requantization, when it is not shared: four multipliers (odd, even, odd, even), then the addend of the
 *                 affine form or the four right shifts, a byte each
 *
 * One or two channels at the end have no second pair. Taps are filled up to whole blocks. Null when a half does not fit
 * 16 bits (w[odd] = -128 with a negative w[even]).
 */
export function rowStream({ weights, bias, requantization, shared }: RowStreamInput): Int32Array | null {
  const taps = weights.length / bias.length;
  const order = tapOrder(taps);
  const weight = (channel: number, at: number): number => {
    const tap = order[at] ?? -1;
    return tap < 0 || channel >= bias.length ? 0 : (weights[channel * taps + tap] ?? 0);
  };
  const half = (even: number, at: number): number => 256 * weight(even + 1, at) + weight(even, at);
  const startOf = (channel: number, lane: "odd" | "even"): number => (channel < bias.length ? start(requantization, { channel, bias: bias[channel] ?? 0, lane }) : 0);
  const words = shared ? requantizationWords(requantization, 0, bias.length) : [];
  for (let first = 0; first < bias.length; first += 4) {
    const pairs = bias.length - first > 2 ? [first, first + 2] : [first];
    words.push(startOf(first + 1, "odd"), startOf(first + 3, "odd"));
    for (let at = 0; at < order.length; at += BLOCK_TAPS) {
      for (const even of pairs) {
        for (let tap = at; tap < at + BLOCK_TAPS; tap += 2) {
          const [low, high] = [half(even, tap), half(even, tap + 1)];
          if (Math.min(low, high) < -32768) return null;
          words.push((low & 0xffff) | (high << 16));
        }
      }
    }
    words.push(startOf(first, "even"), startOf(first + 2, "even"));
    if (!shared) words.push(...requantizationWords(requantization, first, bias.length));
  }
  return Int32Array.from(words);
}

/** Widened taps in whole blocks; -1: filling. */
function tapOrder(taps: number): Int32Array {
  const order = new Int32Array(Math.ceil(taps / BLOCK_TAPS) * BLOCK_TAPS).fill(-1);
  order.set(widenedOrder(1, taps));
  return order;
}

/** Multipliers of channels first + 1, first, first + 3, first + 2, and what goes with them. A channel beyond the last repeats it. */
function requantizationWords({ kind, channels }: Requantization, first: number, count: number): number[] {
  const four = [1, 0, 3, 2].map((lane) => Math.min(first + lane, count - 1));
  const multipliers = four.map((channel) => channels[channel]?.multiplier ?? 0);
  if (kind === "affine") return [...multipliers, affineForm.addend];
  return [...multipliers, four.reduce((word, channel, lane) => word | (-(channels[channel]?.shift ?? -1) << (8 * lane)), 0)];
}
