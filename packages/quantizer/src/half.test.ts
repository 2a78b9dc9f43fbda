import { decodeTensor } from "@edgewise/graph/ops";
import { describe, expect, test } from "vitest";
import { halves } from "./half.ts";

const CODES = 0x7c00;

/** Every finite float16 number from zero up, by its code. */
const numbers = decodeTensor("float16", [CODES], new Uint8Array(Uint16Array.from({ length: CODES }, (_, code) => code).buffer)).data as Float32Array;

function codes(values: readonly number[] | Float32Array): readonly number[] {
  return [...new Uint16Array(halves(Float32Array.from(values)).buffer)];
}

describe("float32 to float16", () => {
  test("a number of the format keeps its code, with either sign", () => {
    expect(codes(numbers)).toEqual(Array.from({ length: CODES }, (_, code) => code));
    expect(codes(numbers.map((x) => -x))).toEqual(Array.from({ length: CODES }, (_, code) => 0x8000 | code));
  });
  test("between two numbers the nearest is taken, and the even code half-way", () => {
    const between = (part: number): readonly number[] => codes(Array.from(numbers.subarray(0, -1), (x, i) => x + part * (numbers[i + 1]! - x)));
    const below = Array.from({ length: CODES - 1 }, (_, code) => code);
    expect(between(0.25)).toEqual(below);
    expect(between(0.75)).toEqual(below.map((code) => code + 1));
    expect(between(0.5)).toEqual(below.map((code) => code + (code & 1)));
  });
  test("what is beyond the largest number is held at it, what is below half the least is zero, and NaN stays NaN", () => {
    expect(codes([65519, 65520, 1e30, Infinity, -Infinity])).toEqual([0x7bff, 0x7bff, 0x7bff, 0x7bff, 0xfbff]);
    expect(codes([2 ** -25, -(2 ** -26), 1e-40])).toEqual([0, 0x8000, 0]);
    expect(codes([NaN])).toEqual([0x7e00]);
  });
});
