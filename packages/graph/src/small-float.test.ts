import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePower, encodePower, roundToPower } from "./power-float.ts";
import { roundHalfEven, roundToFormat } from "./rounding.ts";
import { type SmallFloatType, smallFloats } from "./small-float.ts";
import { decodeSmallFloat, encodeSmallFloat } from "./small-float-code.ts";

const names = Object.keys(smallFloats) as SmallFloatType[];

describe.each(names)("%s", (name) => {
  const format = smallFloats[name];
  const codes = Array.from({ length: 2 ** (1 + format.exponentBits + format.mantissaBits) }, (_, code) => code);
  const numbers = codes.map((code) => decodeSmallFloat(code, format)).filter(Number.isFinite).sort((a, b) => a - b);

  test("every code is the code of its number; the codes of NaN become one", () => {
    const nan = encodeSmallFloat(NaN, format);
    for (const code of codes) {
      const number = decodeSmallFloat(code, format);
      expect(encodeSmallFloat(number, format)).toBe(Number.isNaN(number) ? nan : code);
    }
  });

  test("its largest number is the largest decoded, and rounding keeps every number", () => {
    expect(numbers.at(-1)).toBe(format.max);
    for (const number of numbers) expect(roundToFormat(number, format, true)).toBe(number);
  });

  test("a number inside the range becomes a nearest one", () => {
    const inside = fc.double({ min: -format.max, max: format.max, noNaN: true });
    fc.assert(fc.property(fc.oneof(inside, inside.map((x) => x / format.max)), (x) => {
      const rounded = roundToFormat(x, format, true);
      const at = numbers.findIndex((number) => number >= x);
      const distance = Math.min(Math.abs((numbers[at] ?? Infinity) - x), Math.abs(x - (numbers[at - 1] ?? -Infinity)));
      expect(Math.abs(rounded - x)).toBe(distance);
    }), { numRuns: 50 });
  });

  test("half-way between two numbers the even code wins", () => {
    const positive = numbers.filter((number) => number >= 0);
    for (let i = 1; i < Math.min(positive.length - 1, 300); i++) {
      const [low, high] = [positive[i]!, positive[i + 1]!];
      const rounded = roundToFormat((low + high) / 2, format, true);
      expect([low, high]).toContain(rounded);
      expect(encodeSmallFloat(rounded, format) % 2).toBe(0);
    }
  });

  test("beyond the range it saturates when asked, else gives infinity or NaN where it has them", () => {
    const beyond = [format.max * 1.5, Infinity];
    for (const x of beyond) {
      expect(roundToFormat(x, format, true)).toBe(format.max);
      expect(roundToFormat(-x, format, true)).toBe(-format.max);
      expect(roundToFormat(-x, format, false)).toBe(format.infinity ? -Infinity : format.nan === "none" ? -format.max : NaN);
    }
  });
});

describe("float8e8m0", () => {
  test("every code is the code of its power of two", () => {
    for (let code = 0; code < 256; code++) expect(encodePower(decodePower(code))).toBe(code);
  });

  test("rounding down, up and to the nearest bracket the number", () => {
    fc.assert(fc.property(fc.double({ min: 2 ** -120, max: 2 ** 120, noNaN: true }), (x) => {
      const [down, near, up] = (["down", "nearest", "up"] as const).map((rounding) => roundToPower(x, rounding, true)) as [number, number, number];
      expect(down).toBeLessThanOrEqual(x);
      expect(up).toBeGreaterThanOrEqual(x);
      expect(up).toBeLessThanOrEqual(2 * down);
      expect(near).toBe(x / down >= 1.5 ? 2 * down : down);
    }));
  });

  test("above the range it saturates when asked, else is NaN; zero becomes the smallest power", () => {
    expect(roundToPower(1.5 * 2 ** 127, "up", true)).toBe(2 ** 127);
    expect(roundToPower(1.5 * 2 ** 127, "up", false)).toBeNaN();
    expect(roundToPower(0, "nearest", true)).toBe(2 ** -127);
    expect(roundToPower(Infinity, "up", true)).toBeNaN();
  });
});

test("half-way whole numbers round to the even one", () => {
  expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map(roundHalfEven).map((x) => x + 0)).toEqual([-2, -2, 0, 0, 2, 2]);
});
