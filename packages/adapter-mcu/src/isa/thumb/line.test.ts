import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Channel, referenceOf } from "../../epilogue/channel.ts";
import { channels, rectifiedChannels, sumsOf } from "../../epilogue/testing/arbitrary.ts";
import { thresholdsOf } from "../../epilogue/thresholds.ts";
import { type LineChannel, type LineLayer, solveLines } from "./line.ts";

/** The instructions on registers of 32 bits that wrap, saturated. */
function machine({ productShift, resultShift, lines }: LineLayer, c: number, x: number): number {
  const { multiplier, start } = lines[c]!;
  const upper = multiplier >>> productShift;
  const lower = multiplier - upper * 2 ** productShift;
  const value = (Math.imul(x, upper) + (Math.imul(x, lower) >> productShift) + start) >> resultShift;
  return value < -128 ? -128 : value > 127 ? 127 : value;
}

function wrongSums(layer: LineLayer, { channel, offset }: LineChannel, c: number): readonly number[] {
  const { min, max } = channel.accumulator;
  const edges = [...thresholdsOf(channel)].flatMap((x) => [x - 1, x, x + 1]).filter((x) => x >= min && x <= max);
  return [...edges, min, max, ...sumsOf(channel, 500)].filter((x) => machine(layer, c, x + offset) !== referenceOf(channel, x));
}

const layers = (kind: fc.Arbitrary<Channel>): fc.Arbitrary<LineChannel[]> => fc.array(fc.record({ channel: kind, offset: fc.integer({ min: -(2 ** 18), max: 2 ** 18 }) }), { minLength: 1, maxLength: 3 });

describe("requantization as a line", () => {
  test("a layer's lines equal the reference on the machine, whatever its factors and sums", () => {
    fc.assert(fc.property(layers(channels().map((channel) => ({ ...channel, outputZero: -128, range: { min: -128, max: 127 } }))), (layer) => {
      const solved = solveLines(layer);
      if (solved !== null) layer.forEach((each, c) => expect(wrongSums(solved, each, c)).toEqual([]));
    }), { numRuns: 150, seed: 2 });
  });
  test("rectified layers have lines as a rule", () => {
    let found = 0;
    fc.assert(fc.property(layers(rectifiedChannels()), (layer) => {
      const solved = solveLines(layer);
      if (solved === null) return;
      found++;
      layer.forEach((each, c) => expect(wrongSums(solved, each, c)).toEqual([]));
    }), { numRuns: 150, seed: 8 });
    expect(found).toBeGreaterThanOrEqual(75);
  });
  test("a clamp within int8 and results on both sides of the zero point have none", () => {
    const channel: Channel = { multiplier: 1_276_543_210, shift: -9, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: -200_000, max: 200_000 } };
    expect(solveLines([{ channel, offset: 0 }])).not.toBe(null);
    expect(solveLines([{ channel: { ...channel, range: { min: -128, max: 100 } }, offset: 0 }])).toBe(null);
    expect(solveLines([{ channel: { ...channel, outputZero: 0 }, offset: 0 }])).toBe(null);
  });
  test("a channel of which nothing is left is a constant", () => {
    const channel: Channel = { multiplier: 0, shift: 0, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min: 5, max: 5 } };
    const solved = solveLines([{ channel, offset: 0 }]);
    expect(solved !== null && machine(solved, 0, 5)).toBe(-128);
  });
});
