/**
 * Numbers of neighbouring channels that are computed in pairs (0, 1), (2, 3), …; what is left over of a run stands alone.
 *
 *   channels o, o + 1 share a half where 2^8 · w[o + 1] + w[o] fits 16 bits, for every tap
 *
 * Only w[o + 1] = -128 with a negative w[o] does not: then channel o ends its run. One run of all channels, as a rule.
 * weights [channels][taps].
 */
export function channelRuns(weights: Int8Array, channels: number): readonly number[] {
  const taps = weights.length / channels;
  const runs: number[] = [];
  let first = 0;
  let next = 0;
  while (next < channels) {
    if (next + 1 < channels && sharesHalves(weights.subarray(next * taps, (next + 2) * taps))) next += 2;
    else {
      next += 1;
      runs.push(next - first);
      first = next;
    }
  }
  return next > first ? [...runs, next - first] : runs;
}

/** weights [2][taps] */
function sharesHalves(weights: Int8Array): boolean {
  const taps = weights.length / 2;
  return weights.subarray(0, taps).every((even, tap) => 256 * (weights[taps + tap] ?? 0) + even >= -32768);
}
