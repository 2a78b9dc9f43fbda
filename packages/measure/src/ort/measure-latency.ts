/** Times of single runs, sorted, in milliseconds. */
export interface LatencyRuns {
  readonly runs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly minMs: number;
  readonly maxMs: number;
}

export interface LatencyOptions {
  /** Runs that are not counted: caches fill and memory is laid out. */
  readonly warmUp: number;
  readonly runs: number;
  /** Milliseconds since some fixed moment, such as `performance.now`. */
  readonly clock: () => number;
}

/** Percentiles by nearest rank: the least time that p percent of the runs do not exceed. */
export async function measureLatency(run: () => Promise<unknown>, { warmUp, runs, clock }: LatencyOptions): Promise<LatencyRuns> {
  for (let i = 0; i < warmUp; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = clock();
    await run();
    times.push(clock() - start);
  }
  times.sort((a, b) => a - b);
  const rank = (fraction: number): number => times[Math.max(0, Math.ceil(fraction * times.length) - 1)] ?? Number.NaN;
  return { runs, p50Ms: rank(0.5), p95Ms: rank(0.95), minMs: rank(0), maxMs: rank(1) };
}
