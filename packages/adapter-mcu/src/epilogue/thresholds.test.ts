import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Channel, isMonotone, referenceOf } from "./channel.ts";
import { STEPS, levelOf, thresholdsOf } from "./thresholds.ts";
import { channels } from "./testing/arbitrary.ts";

/** The smallest sum that reaches a level, by halving the interval. */
function bisect(channel: Channel, level: number): number {
  let { min: low, max } = channel.accumulator;
  let high = max + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (referenceOf(channel, middle) >= level) high = middle;
    else low = middle + 1;
  }
  return low;
}

describe("thresholds of the reference requantization", () => {
  test("each is the smallest sum that reaches its level", () => {
    fc.assert(fc.property(channels(), (channel) => {
      const steps = thresholdsOf(channel);
      expect(steps.length).toBe(STEPS);
      steps.forEach((x, j) => expect(x).toBe(bisect(channel, levelOf(j))));
    }), { numRuns: 200 });
  });

  test("a channel whose left shift wraps is not monotone and has none", () => {
    const channel: Channel = { multiplier: 2 ** 30, shift: 8, outputZero: 0, range: { min: -128, max: 127 }, accumulator: { min: 0, max: 2 ** 24 } };
    expect(isMonotone(channel)).toBe(false);
    expect(() => thresholdsOf(channel)).toThrow();
  });

  test("700 channels take well under a second", () => {
    const channel: Channel = { multiplier: 1_518_500_249, shift: -8, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -400_000, max: 400_000 } };
    thresholdsOf(channel);
    const start = performance.now();
    for (let i = 0; i < 700; i++) thresholdsOf({ ...channel, multiplier: channel.multiplier + 1000 * i });
    expect(performance.now() - start).toBeLessThan(500);
  });
});
