import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Channel, isMonotone, referenceOf } from "./channel.ts";
import { provesEqual } from "./proof.ts";
import { channels, rectifiedChannels, sumsOf } from "./testing/arbitrary.ts";
import { type Thumb, type ThumbForm, solveThumb, solveThumbLayer, thumbFits, thumbValue } from "./thumb.ts";
import { thresholdsOf } from "./thresholds.ts";

/** The instructions on registers of 32 bits that wrap. */
function machine({ lowBits, signed }: ThumbForm, by: Thumb, x: number): number {
  let u = (x - by.low) | 0;
  u &= ~(u >> 31);
  if (u > by.span) u = by.span;
  let sum = Math.imul(u, by.multiplierHigh);
  if (lowBits > 0) sum = (sum + (Math.imul(u, by.multiplierLow) >>> lowBits)) | 0;
  sum = (sum + by.addend) | 0;
  if (signed) sum = (sum - (by.dip & (x >> 31))) | 0;
  return sum >> 24;
}

function wrongSums(channel: Channel, form: ThumbForm, by: Thumb): readonly number[] {
  const { min, max } = channel.accumulator;
  const edges = [...thresholdsOf(channel)].flatMap((x) => [x - 1, x, x + 1]).filter((x) => x >= min && x <= max);
  return [...edges, ...sumsOf(channel, 2000)].filter((x) => machine(form, by, x) !== referenceOf(channel, x));
}

describe("the epilogue of ARMv6-M", () => {
  test("a layer's solution equals the reference on the machine, whatever its factors, zero point and clamp", () => {
    let solved = 0;
    fc.assert(fc.property(fc.array(channels(), { minLength: 1, maxLength: 3 }), (layer) => {
      const solution = solveThumbLayer(layer);
      if (solution === null) return;
      solved++;
      layer.forEach((channel, c) => expect(wrongSums(channel, solution.form, solution.channels[c]!)).toEqual([]));
    }), { numRuns: 150, seed: 9 });
    expect(solved).toBeGreaterThanOrEqual(75);
  });

  test("rectified layers take no dip, others do", () => {
    const layer = fc.sample(rectifiedChannels(), { numRuns: 8, seed: 4 }).map((channel) => ({ ...channel, shift: Math.max(channel.shift, -8) }));
    expect(solveThumbLayer(layer)?.form.signed).toBe(false);
    expect(solveThumbLayer(layer.map((channel) => ({ ...channel, outputZero: 3 })))?.form.signed).toBe(true);
  });

  test("halves of the clamp that no sum needs are named", () => {
    const channel: Channel = { multiplier: 1_400_000_000, shift: -6, outputZero: 0, range: { min: -128, max: 127 }, accumulator: { min: -6_000, max: 6_000 } };
    const clamps = (min: number, max: number): unknown => solveThumbLayer([{ ...channel, accumulator: { min, max } }]);
    expect(clamps(-6_000, 60_000)).toMatchObject({ clampsHigh: true });
    expect(clamps(-60_000, 6_000)).toMatchObject({ clampsLow: true });
    const steps = [...thresholdsOf(channel)].filter((x) => x > -6_000 && x <= 6_000);
    expect(clamps(steps[0]! - 1, steps[steps.length - 1]!)).toMatchObject({ clampsLow: false, clampsHigh: false });
  });

  test("one multiply is enough where the factor is large", () => {
    const channel: Channel = { multiplier: 1_400_000_000, shift: -3, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -60_000, max: 60_000 } };
    expect(solveThumbLayer([channel])?.form).toEqual({ multiplies: 1, lowBits: 0, signed: false });
  });

  test("a multiplier, addend, place or dip that is off is refused", () => {
    const channel: Channel = { multiplier: 1_276_543_210, shift: -9, outputZero: 4, range: { min: -128, max: 127 }, accumulator: { min: -400_000, max: 400_000 } };
    const { form, channels: [found] } = solveThumbLayer([channel])!;
    const proves = (by: Thumb): boolean => provesEqual(channel, (x) => thumbValue(form, by, x));
    expect(form).toMatchObject({ multiplies: 2, signed: true });
    expect(proves(found!)).toBe(true);
    const { low, span, multiplierHigh, addend, dip } = found!;
    const broken = [{ multiplierHigh: multiplierHigh + 1 }, { addend: addend + 2 ** 17 }, { low: low + 1 }, { span: span - 1 }, { dip: 0 }, { dip: dip + 2 ** 17 }];
    expect(broken.map((change) => proves({ ...found!, ...change }))).toEqual(broken.map(() => false));
    expect(thumbFits(channel, form, { ...found!, addend: addend + 2 ** 24 })).toBe(false);
    expect(thumbFits(channel, form, { ...found!, dip: -1 })).toBe(false);
  });

  test("a channel whose places do not fit beside the low part has no solution in that form", () => {
    const channel: Channel = { multiplier: 2 ** 30, shift: -10, outputZero: 0, range: { min: -128, max: 127 }, accumulator: { min: -600_000, max: 600_000 } };
    expect(isMonotone(channel)).toBe(true);
    expect(solveThumb(channel, { multiplies: 2, lowBits: 16, signed: true })).toBe(null);
    expect(solveThumb(channel, { multiplies: 2, lowBits: 12, signed: true })).not.toBe(null);
  });
});
