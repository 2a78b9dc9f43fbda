import { describe, expect, test } from "vitest";
import { rowStream } from "./row-stream.ts";

const channel = (shift: number) => ({ multiplier: 2 ** 30, shift, range: { min: -128, max: 127 }, outputZero: 0, accumulator: { min: 0, max: 0 } });

describe("weights of a single row", () => {
  test("lie tap by tap for eight channels, 128 too large, with zeros for what is not there", () => {
    // Nine channels of three taps: w[o][k] = 10 k + o.
    const weights = Int8Array.from({ length: 27 }, (_, i) => 10 * (i % 3) + Math.floor(i / 3));
    const channels = Array.from({ length: 9 }, (_, o) => ({ bias: 100 * o - 1, channel: channel(-1 - o) }));
    const stream = rowStream(weights, channels);
    const bytes = new Uint8Array(stream.buffer);
    expect([...bytes.subarray(0, 8)]).toEqual([128, 129, 130, 131, 132, 133, 134, 135]);
    expect([...bytes.subarray(16, 24)]).toEqual([148, 149, 150, 151, 152, 153, 154, 155]);
    expect([...bytes.subarray(24, 32)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...stream.subarray(8, 12)]).toEqual([-32 + 1, 2 ** 30, 99 * 32 + 2, 2 ** 30]);
    const second = bytes.subarray(96);
    expect([...second.subarray(8, 16)]).toEqual([146, 0, 0, 0, 0, 0, 0, 0]);
    expect([...stream.subarray(24 + 8, 24 + 10)]).toEqual([799 * 32 + 9, 2 ** 30]);
  });
});
