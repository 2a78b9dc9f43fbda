import { parseGraph } from "@edgewise/graph";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Sample, calibrate } from "./calibrate.ts";
import { type Method, chooseRange } from "./choose-range.ts";
import { BINS, newHistogram, observe } from "./histogram.ts";
import { interpreterRunner } from "./interpreter-runner.ts";

const graph = parseGraph(`graph g
in x: float32[1, 2, 2]
y: float32[1, 2, 2] = Relu(x) as "act"
out y
`);
const sample = (data: readonly number[]): Sample => new Map([["x", { dtype: "float32", shape: [1, 2, 2], data: Float32Array.from(data) }]]);
const samples = [sample([-1, 2, 3, 4]), sample([-8, 0, 1, 6])];
const numbers = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 });

describe("calibrate", () => {
  test("min-max gives the least and the largest number of each value, and the mean of each channel", async () => {
    const result = await calibrate({ graph, samples, runner: interpreterRunner(), method: "min-max" });
    if (!result.ok) throw new Error("refused");
    expect(result.value).toEqual({ method: "min-max", samples: 2, ranges: { x: [-8, 6], y: [0, 6] }, means: { x: [-1.75, 3.5], y: [0.5, 3.5] } });
  });

  test.each(["min-max", "percentile", "mse"] as const)("%s does not depend on the order of the samples", async (method) => {
    const run = async (list: readonly Sample[]): Promise<unknown> => {
      const result = await calibrate({ graph, samples: list, runner: interpreterRunner(), method });
      return result.ok ? result.value.ranges : result.errors;
    };
    expect(await run(samples.toReversed())).toEqual(await run(samples));
  });

  test("no sample, and a value that is not finite, are refused by name", async () => {
    const empty = await calibrate({ graph, samples: [], runner: interpreterRunner(), method: "mse" });
    expect(empty.ok ? [] : empty.errors.map((error) => error.code)).toEqual(["CALIBRATION_EMPTY"]);
    const broken = await calibrate({ graph, samples: [sample([1, NaN, 2, 3])], runner: interpreterRunner(), method: "mse" });
    expect(broken.ok ? [] : broken.errors.map((error) => error.code)).toEqual(["CALIBRATION_NOT_FINITE", "CALIBRATION_NOT_FINITE"]);
  });
});

describe("histograms", () => {
  test("the counts are the same in one part or in many, in any order", () => {
    fc.assert(fc.property(numbers, numbers, (a, b) => {
      const together = newHistogram();
      observe(together, [...a, ...b]);
      const apart = newHistogram();
      observe(apart, b);
      observe(apart, a);
      expect(apart.width).toBe(together.width);
      expect(Buffer.from(apart.counts.buffer).equals(Buffer.from(together.counts.buffer))).toBe(true);
      expect([apart.low, apart.high, apart.zeros]).toEqual([together.low, together.high, together.zeros]);
    }), { numRuns: 200 });
  });

  test("nothing is lost: zeros and bins add up to the numbers seen", () => {
    fc.assert(fc.property(numbers, (list) => {
      const histogram = newHistogram();
      observe(histogram, list);
      expect(histogram.counts.reduce((sum, count) => sum + count, 0) + histogram.zeros).toBe(list.length);
      expect(histogram.counts).toHaveLength(BINS);
    }));
  });
});

describe("chooseRange", () => {
  const methods: readonly Method[] = ["min-max", "percentile", "mse"];

  test("a range lies within the numbers seen, widened to zero", () => {
    fc.assert(fc.property(numbers, fc.constantFrom(...methods), (list, method) => {
      const histogram = newHistogram();
      observe(histogram, list);
      const [low, high] = chooseRange(histogram, method);
      expect(low).toBeGreaterThanOrEqual(Math.min(0, ...list));
      expect(high).toBeLessThanOrEqual(Math.max(0, ...list));
      expect(low).toBeLessThanOrEqual(high);
    }));
  });

  test("values of only zeros and of one number survive", () => {
    for (const method of methods) {
      const zeros = newHistogram();
      observe(zeros, [0, 0]);
      expect(chooseRange(zeros, method)).toEqual([0, 0]);
      const one = newHistogram();
      observe(one, [2.5, 2.5]);
      expect(chooseRange(one, method)[1]).toBeCloseTo(2.5, 2);
    }
  });

  test("one number far out is cut by percentile and by mse, not by min-max", () => {
    const histogram = newHistogram();
    observe(histogram, [...Array.from({ length: 100_000 }, (_, i) => (i % 1000) / 1000), 50]);
    expect(chooseRange(histogram, "min-max")[1]).toBe(50);
    expect(chooseRange(histogram, "percentile")[1]).toBeLessThan(1.1);
    expect(chooseRange(histogram, "mse")[1]).toBeLessThan(50);
  });
});
