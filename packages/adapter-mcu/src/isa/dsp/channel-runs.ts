/** Sign with which the even channel of a pair is computed; what comes of it is multiplied by the same sign. */
export type Sign = 1 | -1;

/**
 * Numbers of neighbouring channels that are computed in pairs (0, 1), (2, 3), …; what is left over of a run stands alone.
 *
 * Channels that no sign lets share their halves, see `pairSign`, are cut apart: the first of them ends its run. One run of
 * all channels, as a rule. weights [channels][taps].
 */
export function channelRuns(weights: Int8Array, channels: number, signs: readonly Sign[]): readonly number[] {
  const taps = weights.length / channels;
  const runs: number[] = [];
  let first = 0;
  let next = 0;
  while (next < channels) {
    if (next + 1 < channels && pairSign(weights.subarray(next * taps, (next + 2) * taps), signs) !== null) next += 2;
    else {
      next += 1;
      runs.push(next - first);
      first = next;
    }
  }
  return next > first ? [...runs, next - first] : runs;
}

/**
 * The first of `signs` with which two channels share halves of 16 bits, for every tap; null where none does.
 *
 *   sign · w[even] in int8,  2^8 · w[odd] + sign · w[even] in int16
 *
 * With sign 1 only w[odd] = -128 beside a negative w[even] does not fit. weights [even, odd][taps].
 */
export function pairSign(weights: Int8Array, signs: readonly Sign[]): Sign | null {
  const taps = weights.length / 2;
  const fits = (sign: Sign): boolean =>
    weights.subarray(0, taps).every((even, tap) => sign * even <= 127 && 256 * (weights[taps + tap] ?? 0) + sign * even >= -32768);
  return signs.find(fits) ?? null;
}
