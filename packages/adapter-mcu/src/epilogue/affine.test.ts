import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AffineForm, affineFits, affineValue, solveAffine } from "./affine.ts";
import { type Channel, referenceOf } from "./channel.ts";
import { provesEqual } from "./proof.ts";
import { channels, rectifiedChannels, sumsOf } from "./testing/arbitrary.ts";
import { thresholdsOf } from "./thresholds.ts";

/** The form of a layer whose largest shift is the channel's own plus `above`. */
function formFor({ shift, outputZero }: Channel, accumulatorBits: number, above = 0): AffineForm {
  const s = Math.max(0, Math.min(22, accumulatorBits - 1 - shift - above));
  return { accumulatorBits, shift: s, addend: outputZero * 2 ** s + Math.floor(2 ** (s - 1)) + Math.floor(2 ** (accumulatorBits - 2)) };
}

/** SMMLA and SSAT in 64-bit integers that wrap as registers do. */
function machine({ accumulatorBits, addend, shift }: AffineForm, by: { readonly bias: number; readonly multiplier: number }, x: number): number {
  const accumulator = BigInt.asIntN(32, (BigInt(x) << BigInt(accumulatorBits)) + BigInt(by.bias));
  const sum = BigInt.asIntN(32, BigInt(addend) + ((accumulator * BigInt(by.multiplier)) >> 32n));
  const y = sum >> BigInt(shift);
  return Number(y < -128n ? -128n : y > 127n ? 127n : y);
}

function sameEverywhere(channel: Channel, form: AffineForm, found: { readonly bias: number; readonly multiplier: number }): void {
  const { min, max } = channel.accumulator;
  const edges = [...thresholdsOf(channel)].flatMap((x) => [x - 1, x, x + 1]).filter((x) => x >= min && x <= max);
  expect([...edges, ...sumsOf(channel, 2000)].filter((x) => machine(form, found, x) !== referenceOf(channel, x))).toEqual([]);
}

describe("the two-instruction epilogue", () => {
  test("a solution equals the reference on the machine, at every threshold and elsewhere", () => {
    fc.assert(fc.property(channels(), fc.constantFrom(0, 1, 7, 8), (channel, bits) => {
      const form = formFor(channel, bits);
      const found = solveAffine(channel, form);
      if (found !== null) sameEverywhere(channel, form, found);
    }), { numRuns: 150 });
  });

  test("nearly every rectified channel has one when the accumulator is scaled by 256", () => {
    let solved = 0;
    fc.assert(fc.property(rectifiedChannels(), fc.integer({ min: 0, max: 3 }), (channel, above) => {
      const form = formFor(channel, 8, above);
      const found = solveAffine(channel, form);
      if (found === null) return;
      solved++;
      sameEverywhere(channel, form, found);
    }), { numRuns: 100, seed: 7 });
    expect(solved).toBeGreaterThanOrEqual(99);
  });

  test("a wrong multiplier, bias or addend is refused", () => {
    const channel: Channel = { multiplier: 1_518_500_249, shift: -7, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -300_000, max: 300_000 } };
    const form = formFor(channel, 8);
    const found = solveAffine(channel, form)!;
    const proves = (by: { readonly bias: number; readonly multiplier: number }, with_ = form): boolean => provesEqual(channel, (x) => affineValue(with_, by, x));
    expect(proves(found)).toBe(true);
    expect(proves({ ...found, multiplier: found.multiplier + 2 ** 12 })).toBe(false);
    expect(proves({ ...found, bias: found.bias + 256 })).toBe(false);
    expect(proves({ ...found, bias: found.bias - 256 })).toBe(false);
    expect(proves(found, { ...form, addend: form.addend + 256 })).toBe(false);
  });

  test("an accumulator that leaves int32 does not fit", () => {
    const channel: Channel = { multiplier: 2 ** 30, shift: -9, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -(2 ** 23), max: 2 ** 23 - 1 } };
    const form = formFor(channel, 8);
    expect(affineFits(channel, form, { bias: 0, multiplier: 2 ** 30 })).toBe(true);
    expect(affineFits(channel, form, { bias: -1, multiplier: 2 ** 30 })).toBe(false);
    expect(solveAffine({ ...channel, accumulator: { min: -(2 ** 24), max: 2 ** 24 } }, form)).toBe(null);
  });

  test("a clamp inside int8 that sums reach has no solution", () => {
    const channel: Channel = { multiplier: 2 ** 30, shift: -6, outputZero: -128, range: { min: -128, max: 100 }, accumulator: { min: -100_000, max: 100_000 } };
    expect(solveAffine(channel, formFor(channel, 8))).toBe(null);
    const short = { ...channel, accumulator: { min: -100_000, max: 228 * 128 } };
    expect(solveAffine(short, formFor(short, 8))).not.toBe(null);
  });

  test("a constant channel far from zero has a solution", () => {
    const ordinary: Channel = { multiplier: 1_276_543_210, shift: -7, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -90_000, max: 90_000 } };
    const constant: Channel = { ...ordinary, multiplier: 1_320_764_593, shift: -27, accumulator: { min: 1_073_741_760, max: 1_073_741_760 } };
    const form = formFor(ordinary, 8);
    const found = solveAffine(constant, form);
    expect(found).not.toBe(null);
    sameEverywhere(constant, form, found!);
  });
});
