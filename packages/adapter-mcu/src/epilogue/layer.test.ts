import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Channel, referenceOf } from "./channel.ts";
import { highWord } from "./high-word.ts";
import { type LayerEpilogue, epilogueValue, solveLayer } from "./layer.ts";
import { provesEqual } from "./proof.ts";
import { accumulatorRange } from "./range.ts";
import { signedFits, signedValue } from "./signed.ts";
import { rectifiedChannels, sumsOf } from "./testing/arbitrary.ts";
import { thresholdsOf } from "./thresholds.ts";

const int32 = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, -1, 0, 1, 65535, 65536, -65536));

describe("accumulator ranges", () => {
  test("the ends are the least and largest sum over all inputs", () => {
    const small = fc.integer({ min: -5, max: 5 });
    fc.assert(fc.property(fc.array(small, { minLength: 1, maxLength: 3 }), small, small, (weights, bias, inputZero) => {
      const input = { min: -3, max: 4 };
      const values = [inputZero, ...Array.from({ length: 8 }, (_, i) => i - 3)];
      const sums = weights.reduce<readonly number[]>((all, w) => all.flatMap((sum) => values.map((q) => sum + w * (q - inputZero))), [bias]);
      expect(accumulatorRange({ weights, bias, inputZero, input })).toEqual({ min: Math.min(...sums), max: Math.max(...sums) });
    }));
  });

  test("the upper word is that of the exact product", () => {
    fc.assert(fc.property(int32, int32, (a, b) => {
      expect(highWord(a, b) + 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n) + 0);
    }), { numRuns: 5000 });
  });
});

/** Sums at which the epilogue differs from the reference, among all thresholds, their neighbours and an even spread. */
function wrongSums(channel: Channel, epilogue: LayerEpilogue, c: number): readonly number[] {
  const { min, max } = channel.accumulator;
  const edges = [...thresholdsOf(channel)].flatMap((x) => [x - 1, x, x + 1]).filter((x) => x >= min && x <= max);
  return [...edges, ...sumsOf(channel, 2000)].filter((x) => epilogueValue(epilogue, c, x) !== referenceOf(channel, x));
}

describe("the epilogue of a layer", () => {
  test("rectified layers share one shift and addend in the affine form, and every channel is exact", () => {
    fc.assert(fc.property(fc.array(rectifiedChannels(), { minLength: 1, maxLength: 12 }), (spread) => {
      const channels = spread.map((channel) => ({ ...channel, shift: Math.max(channel.shift, -6) }));
      const solution = solveLayer(channels);
      if (!solution.ok) expect(solution.reason.kind).toBe("inexact");
      else channels.forEach((channel, c) => expect(wrongSums(channel, solution.epilogue, c)).toEqual([]));
    }), { numRuns: 40 });
  });

  test("the same channels give the same numbers", () => {
    const channels = fc.sample(rectifiedChannels(), { numRuns: 6, seed: 3 });
    expect(solveLayer(channels)).toEqual(solveLayer(channels.map((channel) => ({ ...channel }))));
  });

  test("layers without a clamp at the zero point take the signed form, and every channel is exact", () => {
    let signed = 0;
    fc.assert(fc.property(fc.array(rectifiedChannels(), { minLength: 1, maxLength: 6 }), fc.integer({ min: -100, max: 100 }), (rectified, outputZero) => {
      const channels = rectified.map((channel) => ({ ...channel, outputZero, shift: Math.max(channel.shift, -6) }));
      const solution = solveLayer(channels);
      if (!solution.ok) return;
      if (solution.epilogue.kind === "signed") signed++;
      channels.forEach((channel, c) => expect(wrongSums(channel, solution.epilogue, c)).toEqual([]));
    }), { numRuns: 40, seed: 11 });
    expect(signed).toBeGreaterThanOrEqual(30);
  });

  test("a rectifier inside int8 takes the affine form and its clamp", () => {
    fc.assert(fc.property(rectifiedChannels(), fc.integer({ min: -120, max: 80 }), (channel, outputZero) => {
      const rectified = { ...channel, outputZero, range: { min: outputZero, max: 110 } };
      const solution = solveLayer([rectified]);
      if (!solution.ok) throw new Error(solution.reason.kind);
      expect(solution.epilogue.kind).toBe("affine");
      expect(wrongSums(rectified, solution.epilogue, 0)).toEqual([]);
    }), { numRuns: 40, seed: 2 });
  });

  test("a dip that is off by one first rounding, or missing, is refused", () => {
    const channel: Channel = { multiplier: 1_276_543_210, shift: -7, outputZero: 4, range: { min: -128, max: 127 }, accumulator: { min: -90_000, max: 90_000 } };
    const solution = solveLayer([channel]);
    const epilogue = solution.ok && solution.epilogue.kind === "signed" ? solution.epilogue : null;
    const found = epilogue!.channels[0]!;
    const proves = (dip: number): boolean => provesEqual(channel, (x) => signedValue(epilogue!.form, { ...found, dip }, x));
    expect([found.dip, 0, found.dip + 256, found.dip - 256].map(proves)).toEqual([true, false, false, false]);
    const fits = (dip: number): boolean => signedFits(channel, epilogue!.form, { ...found, dip });
    expect([found.dip, -1, 2 ** 31 - 1, 2 ** 31].map(fits)).toEqual([true, false, false, false]);
  });

  test("a constant channel far from zero is solved beside ordinary ones", () => {
    const ordinary: Channel = { multiplier: 1_276_543_210, shift: -7, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -90_000, max: 90_000 } };
    const constant: Channel = { ...ordinary, multiplier: 1_320_764_593, shift: -27, accumulator: { min: 1_073_741_760, max: 1_073_741_760 } };
    expect(solveLayer([ordinary, constant]).ok).toBe(true);
  });

  test("refusals name the channel and the reason", () => {
    const channel: Channel = { multiplier: 2 ** 30 + 12345, shift: -6, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -9000, max: 9000 } };
    const reason = (...channels: readonly Channel[]): unknown => {
      const solution = solveLayer(channels);
      return solution.ok ? null : solution.reason;
    };
    expect(reason(channel)).toBe(null);
    expect(reason(channel, { ...channel, accumulator: { min: -(2 ** 24), max: 2 ** 24 } })).toEqual({ kind: "accumulator", channel: 1, accumulatorBits: 8 });
    expect(reason(channel, { ...channel, shift: 8 })).toEqual({ kind: "factor", channel: 1 });
    expect(reason(channel, { ...channel, shift: 20 })).toEqual({ kind: "wraps", channel: 1 });
    expect(reason({ ...channel, range: { min: -100, max: 127 } }, channel)).toEqual({ kind: "inexact", channel: 1 });
  });
});
