import fc from "fast-check";
import type { Channel } from "../channel.ts";

/** Channels of every kind: any factor, zero point, clamp and interval of sums for which the reference does not wrap. */
export function channels(): fc.Arbitrary<Channel> {
  return fc.record({
    multiplier: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }) }, fc.constant(0), fc.constant(2 ** 30)),
    shift: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -12, max: -2 }) }, fc.integer({ min: -31, max: 6 })),
    outputZero: fc.integer({ min: -128, max: 127 }),
    clamp: fc.oneof(fc.constant([-128, 127]), fc.tuple(fc.integer({ min: -128, max: 127 }), fc.integer({ min: -128, max: 127 }))),
    ends: fc.tuple(wide(), wide()),
  }).map(({ multiplier, shift, outputZero, clamp, ends }) => ({
    multiplier, shift, outputZero, range: ordered(clamp), accumulator: ordered(ends),
  }));
}

/** Channels as a layer with a ReLU has them: zero point −128, nothing below it, sums that fit 24 bits. */
export function rectifiedChannels(): fc.Arbitrary<Channel> {
  return fc.record({
    multiplier: fc.integer({ min: 2 ** 30, max: 2 ** 31 - 1 }),
    shift: fc.integer({ min: -10, max: -3 }),
    min: fc.integer({ min: -(2 ** 19), max: -1 }),
    max: fc.integer({ min: 0, max: 2 ** 19 }),
  }).map(({ multiplier, shift, min, max }) => ({ multiplier, shift, outputZero: -128, range: { min: -128, max: 127 }, accumulator: { min, max } }));
}

/** A number of sums inside an interval, its ends among them. */
export function sumsOf({ accumulator: { min, max } }: Channel, count: number): readonly number[] {
  // A Weyl sequence: spread evenly, the same on every run.
  const inner = Array.from({ length: count }, (_, i) => min + Math.floor((max - min + 1) * ((i * 0.6180339887498949) % 1)));
  return [min, max, ...inner];
}

function wide(): fc.Arbitrary<number> {
  return fc.integer({ min: 4, max: 24 }).chain((bits) => fc.integer({ min: -(2 ** bits), max: 2 ** bits }));
}

function ordered(pair: readonly number[]): { readonly min: number; readonly max: number } {
  return { min: Math.min(...pair), max: Math.max(...pair) };
}
