import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Pixels } from "../image/pixels.ts";
import { area } from "./area.ts";
import { bilinear } from "./bilinear.ts";
import { nearest } from "./nearest.ts";
import { resample } from "./resample.ts";
import type { AxisFilter } from "./taps.ts";

function gray(heightPx: number, widthPx: number, values: ArrayLike<number>): Pixels {
  return { heightPx, widthPx, channels: 1, data: Uint8Array.from(values) };
}

function resized(source: Pixels, filter: AxisFilter, [heightPx, widthPx]: readonly [number, number]): Uint8Array {
  return resample(source, { filter, target: { heightPx, widthPx }, window: { topPx: 0, leftPx: 0, heightPx, widthPx } }).data;
}

/** Length of [a, a + S) ∩ [b, b + R) for every pair, as a dense matrix. */
function coverage(sourcePx: number, targetPx: number): number[][] {
  return Array.from({ length: targetPx }, (_, i) => Array.from({ length: sourcePx }, (__, s) =>
    Math.max(0, Math.min((i + 1) * sourcePx, (s + 1) * targetPx) - Math.max(i * sourcePx, s * targetPx))));
}

const picture = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })).chain(([height, width]) =>
  fc.uint8Array({ minLength: height * width, maxLength: height * width }).map((data) => gray(height, width, data)));
const side = fc.integer({ min: 1, max: 24 });

describe("area", () => {
  test.each([24, 16, 32])("48 px to %i px is the exact mean of covered pixels, rounded half up", (targetPx) => {
    const sourcePx = 48;
    const source = gray(sourcePx, sourcePx, Array.from({ length: sourcePx ** 2 }, (_, i) => (i * 7919 + Math.floor(i / 48) * 31) % 256));
    const weight = coverage(sourcePx, targetPx);
    const square = sourcePx ** 2;
    const expected = weight.flatMap((row) => weight.map((column) => {
      let sum = 0;
      row.forEach((wy, y) => column.forEach((wx, x) => { sum += wy * wx * source.data[y * sourcePx + x]!; }));
      return Math.floor((2 * sum + square) / (2 * square));
    }));
    expect([...resized(source, area, [targetPx, targetPx])]).toEqual(expected);
  });

  test("a half is rounded up", () => {
    expect([...resized(gray(1, 2, [1, 2]), area, [1, 1])]).toEqual([2]);
    expect([...resized(gray(1, 3, [0, 90, 255]), area, [1, 2])]).toEqual([30, 200]);
  });

  test("keeps the mean of the picture within rounding", () => {
    fc.assert(fc.property(picture, side, side, (source, height, width) => {
      const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(mean(resized(source, area, [height, width])) - mean(source.data))).toBeLessThanOrEqual(0.5);
    }));
  });
});

describe("bilinear", () => {
  test("samples at half-pixel centres and holds the edges", () => {
    // Positions -1/4, 1/4, 3/4, 5/4: 0, 63.75, 191.25, 255.
    expect([...resized(gray(1, 2, [0, 255]), bilinear, [1, 4])]).toEqual([0, 64, 191, 255]);
    // Position 1 exactly, then 4: no antialiasing.
    expect([...resized(gray(1, 6, [0, 10, 0, 0, 20, 0]), bilinear, [1, 2])]).toEqual([10, 20]);
  });

  test("is a ramp where the source is a ramp", () => {
    const ramp = gray(1, 10, Array.from({ length: 10 }, (_, i) => 20 * i));
    const result = [...resized(ramp, bilinear, [1, 40])];
    expect(result.every((value, i) => i === 0 || value >= result[i - 1]!)).toBe(true);
  });
});

test("nearest takes the pixel under each centre", () => {
  expect([...resized(gray(1, 4, [1, 2, 3, 4]), nearest, [1, 2])]).toEqual([2, 4]);
  expect([...resized(gray(1, 2, [1, 2]), nearest, [1, 5])]).toEqual([1, 1, 2, 2, 2]);
});

describe.each([["area", area], ["bilinear", bilinear], ["nearest", nearest]] as const)("%s", (_, filter) => {
  test("leaves a picture of the target's size as it is", () => {
    fc.assert(fc.property(picture, (source) => { expect(resized(source, filter, [source.heightPx, source.widthPx])).toEqual(source.data); }));
  });

  test("keeps one colour", () => {
    fc.assert(fc.property(picture, side, side, fc.integer({ min: 0, max: 255 }), (source, height, width, value) => {
      const plain = { ...source, data: source.data.map(() => value) };
      expect(new Set(resized(plain, filter, [height, width]))).toEqual(new Set([value]));
    }));
  });

  test("stays within the source's darkest and brightest", () => {
    fc.assert(fc.property(picture, side, side, (source, height, width) => {
      const result = resized(source, filter, [height, width]);
      expect(Math.min(...result)).toBeGreaterThanOrEqual(Math.min(...source.data));
      expect(Math.max(...result)).toBeLessThanOrEqual(Math.max(...source.data));
    }));
  });

  test("weights of every target pixel sum to one total and lie inside the source", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (sourcePx, targetPx) => {
      const totals = Array.from({ length: targetPx }, (__, i) => {
        const { first, weights } = filter({ sourcePx, targetPx }, i);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first + weights.length).toBeLessThanOrEqual(sourcePx);
        return weights.reduce((sum, weight) => sum + weight, 0);
      });
      expect(new Set(totals).size).toBe(1);
    }));
  });

  test("a window is that part of the whole", () => {
    fc.assert(fc.property(picture, side, side, (source, height, width) => {
      const target = { heightPx: height, widthPx: width };
      const window = { topPx: Math.floor(height / 3), leftPx: Math.floor(width / 2), heightPx: 1, widthPx: width - Math.floor(width / 2) };
      const whole = resized(source, filter, [height, width]);
      const start = window.topPx * width + window.leftPx;
      expect(resample(source, { filter, target, window }).data).toEqual(whole.slice(start, start + window.widthPx));
    }));
  });
});
