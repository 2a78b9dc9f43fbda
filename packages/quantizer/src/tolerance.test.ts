import fc from "fast-check";
import { expect, test } from "vitest";
import { allowedDifferences, probabilitySpread } from "./tolerance.ts";

function softmax(logits: readonly number[]): readonly number[] {
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

test("no shift of the logits within the bound moves a probability further than its spread", () => {
  const logit = fc.double({ min: -8, max: 8, noNaN: true });
  fc.assert(fc.property(fc.array(fc.tuple(logit, fc.double({ min: -1, max: 1, noNaN: true })), { minLength: 2, maxLength: 12 }), fc.double({ min: 0, max: 2, noNaN: true }), (classes, logits) => {
    const before = softmax(classes.map(([value]) => value));
    const after = softmax(classes.map(([value, shift]) => value + shift * logits));
    before.forEach((p, i) => expect(Math.abs(p - after[i]!)).toBeLessThanOrEqual(probabilitySpread(p, { logits, halfStep: 0 }) + 1e-12));
  }));
});

test("the spread is reached, and a confident answer hardly moves", () => {
  const [before = 0] = softmax([1, 0]);
  const moved = [0.5, -0.5].map((shift) => Math.abs(softmax([1 + shift, -shift])[0]! - before));
  expect(Math.max(...moved)).toBeCloseTo(probabilitySpread(before, { logits: 0.5, halfStep: 0 }), 12);
  expect(probabilitySpread(0.999, { logits: 0.5, halfStep: 0 })).toBeLessThan(0.002);
});

test("without a softmax every output has the same tolerance", () => {
  expect(allowedDifferences([1, -4], { relative: 0.1, absolute: 0.5, softmax: null, words: "" })).toEqual([0.9, 0.9]);
});
