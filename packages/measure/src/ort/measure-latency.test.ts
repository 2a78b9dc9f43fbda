import { expect, test } from "vitest";
import { measureLatency } from "./measure-latency.ts";

test("percentiles are by nearest rank over counted runs; warm-up is left out", async () => {
  let [now, count] = [0, 0];
  const run = (): Promise<void> => {
    count += 1;
    now += count <= 3 ? 1000 : count - 3;
    return Promise.resolve();
  };
  const result = await measureLatency(run, { warmUp: 3, runs: 20, clock: () => now });
  expect(result).toEqual({ runs: 20, p50Ms: 10, p95Ms: 19, minMs: 1, maxMs: 20 });
  expect(count).toBe(23);
});
