import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Channel } from "../../epilogue/channel.ts";
import { GROUP_TAPS, LANE_OFFSET, laneStream } from "./lane-stream.ts";

const BOTH_LANES = LANE_OFFSET * 65537;
const CAREFUL = 255;

/** A clamp within int8: no line. */
const channelOf = (shift: number): Channel => ({ multiplier: 2 ** 30 + shift, shift, range: { min: -127, max: 127 }, outputZero: 0, accumulator: { min: 0, max: 0 } });

interface Case {
  readonly weights: Int8Array;
  readonly bias: Int32Array;
  readonly taps: number;
  readonly pixels: readonly [Int8Array, Int8Array];
}

/** Weights of a magnitude drawn first, so that groups fit, spill, and spill too often; inputs random or at their ends. */
const cases: fc.Arbitrary<Case> = fc.record({ taps: fc.integer({ min: 1, max: 40 }), channels: fc.integer({ min: 1, max: 5 }), magnitude: fc.constantFrom(20, 60, 75, 90, 128) })
  .chain(({ taps, channels, magnitude }) => {
    const weight = fc.oneof(fc.integer({ min: -magnitude, max: Math.min(magnitude, 127) }), fc.constantFrom(-magnitude, Math.min(magnitude, 127)));
    const row = fc.array(fc.oneof(fc.integer({ min: -128, max: 127 }), fc.constantFrom(-128, 127)), { minLength: taps, maxLength: taps }).map((values) => Int8Array.from(values));
    return fc.record({
      taps: fc.constant(taps), pixels: fc.tuple(row, row),
      weights: fc.array(weight, { minLength: taps * channels, maxLength: taps * channels }).map((values) => Int8Array.from(values)),
      bias: fc.array(fc.integer({ min: -(2 ** 24), max: 2 ** 24 }), { minLength: channels, maxLength: channels }).map((values) => Int32Array.from(values)),
    });
  });

/** The kernel's arithmetic on a stream, in registers that wrap: sums [channel][pixel], and how many taps each pair spills. */
function run(stream: Int32Array, { bias, taps, pixels }: Case): { readonly sums: readonly (readonly [number, number])[]; readonly heads: readonly number[] } {
  const groups = Math.ceil(taps / GROUP_TAPS);
  const bytes = new Uint8Array(stream.buffer);
  const words = Int32Array.from({ length: groups * 4 }, (_, k) => (pixels[0][k] ?? 0) + ((pixels[1][k] ?? 0) << 16));
  const place = (word: number): number => words[Math.floor(word / 5) * 4 + (word % 5) - 1] ?? 0;
  const sums: [number, number][] = [];
  const heads: number[] = [];
  let at = 0;
  for (let even = 0; even < bias.length; even += 2) {
    const careful = bytes[at] === CAREFUL;
    const below = -groups * (careful ? 2 : 1) * LANE_OFFSET;
    const low = [Math.imul(below, 65537), Math.imul(below, 65537)];
    const high = [below, below];
    const fold = (c: number, sum: number): void => {
      low[c] = (low[c]! + sum) | 0;
      high[c] = (high[c]! + (sum >>> 16)) | 0;
    };
    const head = bytes.subarray(at, at + 4);
    heads.push(head[0]!);
    at += 4;
    for (let g = 0; g < groups; g++, at += 8) {
      const inputs = words.subarray(4 * g, 4 * g + 4);
      for (const c of [0, 1]) {
        const products = Array.from(inputs, (x, i) => Math.imul(x, bytes[at + 4 * c + i]! - 128));
        if (careful) for (const i of [0, 2]) fold(c, (BOTH_LANES + products[i]! + products[i + 1]!) | 0);
        else fold(c, products.reduce((sum, product) => (sum + product) | 0, BOTH_LANES));
      }
    }
    const spilled = careful ? [0, 0] : [head[0]!, head[1]!];
    for (const [c, count] of spilled.entries()) {
      for (let i = 0; i < count; i++, at += 2) {
        const entry = bytes[at]! | (bytes[at + 1]! << 8);
        fold(c, (BOTH_LANES + Math.imul(place(entry >> 5), (entry << 27) >> 24)) | 0);
      }
    }
    at = Math.ceil(at / 4) * 4;
    for (const c of [0, 1]) {
      const start = stream[at / 4 + 2 * c]!;
      if (even + c < bias.length) sums.push([(low[c]! - (high[c]! << 16) + start) | 0, (high[c]! + start) | 0]);
    }
    at += 16;
  }
  return { sums, heads };
}

describe("weights for two pixels in the lanes of a register", () => {
  test("lanes never mix: both pixels' sums are exact for all weights and inputs", () => {
    const seen = new Set<string>();
    fc.assert(fc.property(cases, (each) => {
      const { weights, bias, taps, pixels } = each;
      const { sums, heads } = run(laneStream({ weights, bias, channels: Array.from(bias, () => channelOf(-7)), reserve: false }), each);
      for (const head of heads) seen.add(head === CAREFUL ? "careful" : head === 0 ? "none" : "spilled");
      const exact = Array.from(bias, (start, o) => pixels.map((pixel) => pixel.reduce((sum, x, k) => sum + x * weights[o * taps + k]!, start)));
      expect(sums).toEqual(exact);
    }), { numRuns: 400, seed: 5 });
    expect([...seen].sort()).toEqual(["careful", "none", "spilled"]);
  });
  test("placeholder numbers take at least the room of any final ones", () => {
    fc.assert(fc.property(cases, ({ weights, bias }) => {
      const channels = Array.from(bias, () => channelOf(-7));
      const room = laneStream({ weights: new Int8Array(weights.length), bias, channels, reserve: true }).length;
      expect(laneStream({ weights, bias, channels, reserve: true }).length).toBe(room);
      expect(laneStream({ weights, bias, channels, reserve: false }).length).toBeLessThanOrEqual(room);
    }), { numRuns: 100, seed: 6 });
  });
  test("a pair of channels carries its right shifts and multipliers", () => {
    const stream = laneStream({ weights: Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8), bias: Int32Array.of(10, 20), channels: [channelOf(-3), channelOf(-9)], reserve: false });
    const bytes = [...new Uint8Array(stream.buffer)];
    expect(bytes.slice(0, 12)).toEqual([0, 0, 3, 9, 129, 130, 131, 132, 133, 134, 135, 136]);
    expect([...stream.subarray(3)]).toEqual([10, 2 ** 30 - 3, 20, 2 ** 30 - 9]);
  });
});
