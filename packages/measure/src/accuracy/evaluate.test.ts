import type { Tensor } from "@edgewise/graph";
import { decideRate, wilson } from "@edgewise/planner";
import type { LabelsOutput, Metric } from "@edgewise/planner/schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Accuracy, type AccuracyRun, evaluateAccuracy } from "./evaluate.ts";
import { macroF1, macroF1Interval } from "./macro-f1.ts";
import { studentT95 } from "./student-t.ts";

/** A sample whose answers are known beforehand: the classes from best to worst, of this model and of the float model. */
interface Known {
  readonly label: number | null;
  readonly best: number;
  readonly floatBest: number;
}

const output: LabelsOutput = { kind: "labels", labels: ["a", "b", "c"], labelOffset: 0, softmax: false, topK: 1 };

function oneHot(best: number): Promise<Tensor> {
  return Promise.resolve({ dtype: "float32", shape: [1, 3], data: Float32Array.from([0, 1, 2], (i) => (i === best ? 1 : 0)) });
}

function evaluated(samples: readonly Known[], metric: Metric, change: Partial<AccuracyRun<Known>> = {}): Promise<Accuracy> {
  return evaluateAccuracy({
    samples, metric, output, predict: ({ best }) => oneHot(best), reference: ({ floatBest }) => oneHot(floatBest),
    target: null, decides: null, deadline: () => false, ...change,
  });
}

const known = fc.record({ label: fc.nat(2), best: fc.nat(2), floatBest: fc.nat(2) });

describe("rates", () => {
  test("top1 and its pairs are the counts of the samples, with Wilson's interval", async () => {
    await fc.assert(fc.asyncProperty(fc.array(known, { minLength: 1, maxLength: 40 }), async (samples) => {
      const result = await evaluated(samples, "top1");
      const correct = samples.filter(({ label, best }) => label === best).length;
      expect(result).toMatchObject({ samples: samples.length, available: samples.length, correct, complete: true, stopped: "all-samples" });
      expect(result.value).toEqual({ ...wilson(correct, samples.length), expected: correct / samples.length, basis: "measured" });
      const { bothRight, lost, gained, bothWrong } = result.paired!;
      expect(bothRight + lost + gained + bothWrong).toBe(samples.length);
      expect([bothRight + gained, bothRight + lost]).toEqual([correct, samples.filter(({ label, floatBest }) => label === floatBest).length]);
    }));
  });

  test("top5 of three classes is always right; without a reference there are no pairs", async () => {
    expect(await evaluated([{ label: 2, best: 0, floatBest: 0 }], "top5", { reference: null })).toMatchObject({ correct: 1, paired: null });
  });

  test("agreement compares best classes, and needs no labels", async () => {
    const samples = [{ label: null, best: 1, floatBest: 1 }, { label: null, best: 0, floatBest: 2 }];
    expect(await evaluated(samples, "agreement")).toMatchObject({ correct: 1, samples: 2, paired: null });
  });

  test("the label offset leaves outputs out at the front", async () => {
    const result = await evaluated([{ label: 0, best: 1, floatBest: 1 }], "top1", { output: { ...output, labels: ["b", "c"], labelOffset: 1 } });
    expect(result.correct).toBe(1);
  });
});

describe("stopping", () => {
  test("a decided limit stops at the first sample that decides, with the verdict of all samples", async () => {
    await fc.assert(fc.asyncProperty(fc.array(known, { minLength: 1, maxLength: 60 }), fc.double({ min: 0.05, max: 0.95, noNaN: true }), async (samples, limit) => {
      const result = await evaluated(samples, "top1", { decides: { relation: ">=", limit } });
      const whole = await evaluated(samples, "top1");
      const verdict = decideRate({ correct: result.correct!, samples: result.samples, available: samples.length }, limit);
      expect(verdict).toBe(whole.value.low >= limit ? "met" : "missed");
      expect(result.stopped).toBe(result.samples < samples.length ? "decided" : "all-samples");
      if (result.samples < 2) return;
      const before = await evaluated(samples.slice(0, result.samples - 1), "top1");
      expect(decideRate({ correct: before.correct!, samples: before.samples, available: samples.length }, limit)).toBe("open");
    }));
  });

  test("the time box stops before the next sample; nothing run is nothing known", async () => {
    let asked = 0;
    const samples = Array.from({ length: 9 }, () => ({ label: 1, best: 1, floatBest: 1 }));
    const some = await evaluated(samples, "top1", { deadline: () => asked++ >= 4 });
    expect(some).toMatchObject({ samples: 4, available: 9, correct: 4, complete: false, stopped: "time-box" });
    const none = await evaluated(samples, "top1", { deadline: () => true });
    expect(none).toMatchObject({ samples: 0, value: { low: 0, high: 1, basis: "unknown" } });
  });
});

describe("other metrics", () => {
  test("the class minimum is the worst class, and an absent class proves nothing", async () => {
    const samples = [...Array.from({ length: 20 }, () => ({ label: 0, best: 0, floatBest: 0 })), ...Array.from({ length: 10 }, (_, i) => ({ label: 1, best: i < 5 ? 1 : 2, floatBest: 0 }))];
    const absent = await evaluated(samples, "per-class-minimum");
    expect(absent).toMatchObject({ correct: null, paired: null, value: { low: 0, expected: 0.5 } });
    const present = await evaluated(samples, "per-class-minimum", { output: { ...output, labels: ["a", "b"] } });
    expect(present.value).toEqual({ ...wilson(5, 10), expected: 0.5, basis: "measured" });
  });

  test("f1 is the mean over classes that occur", () => {
    // a: 2·1/(2+1), b: 2·1/(1+2), c occurs nowhere.
    expect(macroF1([{ label: 0, best: 0 }, { label: 0, best: 1 }, { label: 1, best: 1 }])).toBeCloseTo(2 / 3, 12);
  });

  test("the interval of f1 holds the value, repeats, and is not certain of few perfect answers", () => {
    fc.assert(fc.property(fc.array(known, { minLength: 1, maxLength: 30 }), (answers) => {
      const { low, high } = macroF1Interval(answers);
      expect(low).toBeLessThanOrEqual(macroF1(answers));
      expect(high).toBeGreaterThanOrEqual(macroF1(answers));
      expect(macroF1Interval(answers)).toEqual({ low, high });
    }), { numRuns: 20 });
    expect(macroF1Interval([{ label: 0, best: 0 }, { label: 1, best: 1 }]).low).toBeLessThan(0.5);
  });

  test("mse is the mean of the samples' errors with Student's interval", async () => {
    const tensor = (...values: readonly number[]): Promise<Tensor> => Promise.resolve({ dtype: "float32", shape: [1, values.length], data: Float32Array.from(values) });
    const samples = [0, 1, 2].map((best) => ({ label: null, best, floatBest: 0 }));
    // Errors (0 + 0) / 2, (1 + 1) / 2, (4 + 4) / 2: mean 5/3, variance 13/3.
    const result = await evaluated(samples, "mse", { output: null, reference: null, predict: ({ best }) => tensor(best, -best), target: () => tensor(0, 0) });
    expect(result.value.expected).toBeCloseTo(5 / 3, 12);
    expect(result.value.high).toBeCloseTo(5 / 3 + 4.30265273 * Math.sqrt(13 / 9), 6);
    expect(result.value.low).toBe(0);
    expect(result.correct).toBeNull();
  });

  test.each([[1, 12.7062], [2, 4.3027], [5, 2.5706], [30, 2.0423], [1000, 1.9623], [20_000, 1.96]] as const)("Student's 95 %% quantile with %i degrees of freedom is %f", (freedom, expected) => {
    expect(studentT95(freedom)).toBeCloseTo(expected, 4);
  });
});
