import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRate } from "./decide-rate.ts";
import { mcNemar, pairedDifference } from "./paired.ts";
import { samplesNeeded } from "./samples-needed.ts";
import { wilson } from "./wilson.ts";

const seed = Number(process.env["EDGEWISE_SEED"] ?? 1);

describe("the Wilson interval", () => {
  // Newcombe 1998 (single proportion), table I, method 3: doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857
  it.each([[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]])("of %i in %i is the published one", (correct, samples, low, high) => {
    const interval = wilson(correct, samples);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it("holds the rate, stays in [0, 1], and narrows with samples", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (samples, share) => {
      const correct = Math.round(samples * share);
      const { low, high } = wilson(correct, samples);
      const wide = wilson(10 * correct, 10 * samples);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(correct / samples);
      expect(high).toBeGreaterThanOrEqual(correct / samples);
      expect(wide.high - wide.low).toBeLessThan(high - low);
    }), { seed });
  });
});

describe("the paired interval", () => {
  // Newcombe 1998 (paired data), table II, method 10: doi.org/10.1002/(SICI)1097-0258(19981130)17:22<2635
  it("of 36, 12, 2, 0 is the published one", () => {
    const { low, expected, high } = pairedDifference({ bothRight: 36, lost: 12, gained: 2, bothWrong: 0 });
    expect(expected).toBeCloseTo(0.2, 10);
    expect(low).toBeCloseTo(0.0569, 4);
    expect(high).toBeCloseTo(0.3404, 4);
  });

  it("turns over when the models change places", () => {
    fc.assert(fc.property(fc.nat(200), fc.nat(20), fc.nat(20), fc.nat(50), (bothRight, lost, gained, bothWrong) => {
      const there = pairedDifference({ bothRight, lost, gained, bothWrong });
      const back = pairedDifference({ bothRight, lost: gained, gained: lost, bothWrong });
      expect(there.low).toBeCloseTo(-back.high, 12);
      expect(there.high).toBeCloseTo(-back.low, 12);
      expect(there.low).toBeLessThanOrEqual(there.expected);
      expect(there.high).toBeGreaterThanOrEqual(there.expected);
    }), { seed });
  });
});

describe("McNemar's exact test", () => {
  it.each([[0, 0, 1], [5, 5, 1], [0, 6, 2 / 64], [1, 9, 22 / 1024]])("of %i against %i is the binomial tail", (lost, gained, probability) => {
    expect(mcNemar(lost, gained)).toBeCloseTo(probability, 12);
    expect(mcNemar(gained, lost)).toBeCloseTo(probability, 12);
  });

  it("passes without a jump to the normal tail where powers of one half end", () => {
    expect(mcNemar(540, 600)).toBeCloseTo(mcNemar(500, 556), 1);
  });
});

describe("the number of samples that would do", () => {
  it("is the least with which the Wilson bound reaches the limit, for a perfect model", () => {
    for (const limit of [0.5, 0.9, 0.95, 0.97, 0.99, 0.999]) {
      const samples = samplesNeeded(1, limit) ?? 0;
      expect(wilson(samples, samples).low).toBeGreaterThanOrEqual(limit);
      expect(wilson(samples - 1, samples - 1).low).toBeLessThan(limit);
    }
  });

  it("is enough at any rate above the limit, and two fewer are not", () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 0.99, noNaN: true }), fc.double({ min: 0.001, max: 1, noNaN: true }), (limit, share) => {
      const rate = limit + (1 - limit) * share;
      const samples = samplesNeeded(rate, limit) ?? 0;
      expect(wilson(rate * samples, samples).low).toBeGreaterThanOrEqual(limit - 1e-12);
      if (samples > 3) expect(wilson(rate * (samples - 2), samples - 2).low).toBeLessThan(limit);
    }), { seed });
  });

  it("is unknown for a model that is not better than the limit", () => {
    expect(samplesNeeded(0.97, 0.97)).toBeNull();
    expect(samplesNeeded(1, 1)).toBeNull();
  });
});

describe("a curtailed test", () => {
  it("never differs from the verdict on all samples, wherever it stops", () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (answers, limit) => {
      const available = answers.length;
      const total = answers.filter(Boolean).length;
      const verdict = wilson(total, available).low >= limit ? "met" : "missed";
      let correct = 0;
      for (const [index, right] of answers.entries()) {
        correct += right ? 1 : 0;
        expect([verdict, "open"]).toContain(decideRate({ correct, samples: index + 1, available }, limit));
      }
      expect(decideRate({ correct, samples: available, available }, limit)).toBe(verdict);
    }), { seed });
  });

  it("gives a poor model up early", () => {
    expect(decideRate({ correct: 4, samples: 20, available: 500 }, 0.97)).toBe("missed");
  });
});
