import { describe, expect, test } from "vitest";
import { channelRuns, pairSign } from "./channel-runs.ts";

describe("runs of channels that share halves", () => {
  test("are one run of all channels where no weight is -128", () => {
    expect(channelRuns(Int8Array.of(-127, 5, -127, -127, 127, -1), 6, [1])).toEqual([6]);
    expect(channelRuns(Int8Array.of(1, 2, 3), 3, [1])).toEqual([3]);
    expect(channelRuns(Int8Array.of(1, 2, 3, 4), 1, [1])).toEqual([1]);
  });

  test("end before a channel whose -128 meets a negative weight of the even one", () => {
    // [channels][2 taps]
    expect(channelRuns(Int8Array.of(3, -1, 4, -128, 0, 0, 0, 0), 4, [1])).toEqual([1, 3]);
    expect(channelRuns(Int8Array.of(-1, 3, 4, -128, 0, 0, 0, 0), 4, [1])).toEqual([4]);
    expect(channelRuns(Int8Array.of(0, 0, 0, 0, -1, -1, -128, -1, 0, -1, 0, -128), 6, [1])).toEqual([3, 3]);
  });

  test("are longer where an even channel may be negated", () => {
    const weights = Int8Array.of(3, -1, 4, -128, 0, 0, 0, 0);
    expect(channelRuns(weights, 4, [1, -1])).toEqual([4]);
    expect(pairSign(weights.subarray(0, 4), [1, -1])).toBe(-1);
    // -128 has no negative in int8, and 128 meets -128 on neither side.
    expect(pairSign(Int8Array.of(-128, -1, 4, -128), [1, -1])).toBe(null);
    expect(pairSign(Int8Array.of(1, -1, -128, -128), [1, -1])).toBe(null);
  });

  test("cover every channel, and in no pair of a run does a half leave 16 bits", () => {
    const weights = Int8Array.from({ length: 60 * 3 }, (_, i) => ((i * 7919) % 5 === 0 ? -128 : ((i * 104729) % 256) - 128));
    const runs = channelRuns(weights, 60, [1]);
    expect(runs.reduce((sum, run) => sum + run, 0)).toBe(60);
    expect(runs.length).toBeGreaterThan(3);
    let first = 0;
    for (const run of runs) {
      for (let even = first; even + 1 < first + run; even += 2) {
        for (let tap = 0; tap < 3; tap++) expect(256 * weights[(even + 1) * 3 + tap]! + weights[even * 3 + tap]!).toBeGreaterThanOrEqual(-32768);
      }
      first += run;
    }
  });
});
