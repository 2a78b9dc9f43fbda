import fc from "fast-check";
import { expect, test } from "vitest";
import { toRgb } from "./chroma.ts";

/** One row of luma 128, blue chroma 128, and the given red chroma. */
function row(red: readonly number[]): Uint8Array {
  return Uint8Array.from(red.flatMap((value) => [128, 128, value]));
}

test("without chroma, every luma is its gray", () => {
  const data = Uint8Array.from({ length: 256 * 3 }, (_, i) => (i % 3 === 0 ? i / 3 : 128));
  const rgb = toRgb({ heightPx: 1, widthPx: 256, data, across: 2, down: 1 });
  expect([...rgb]).toEqual(Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3)));
});

test("colours are those of the formula, rounded and held within 0..255", () => {
  fc.assert(fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (y, cb, cr) => {
    const [r, g, b] = toRgb({ heightPx: 1, widthPx: 1, data: Uint8Array.of(y, cb, cr), across: 1, down: 1 });
    const exact = [y + 1.402 * (cr - 128), y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128), y + 1.772 * (cb - 128)];
    [r, g, b].forEach((value, i) => { expect(Math.abs(value! - Math.min(255, Math.max(0, exact[i]!)))).toBeLessThanOrEqual(0.51); });
  }));
});

test("two across: three parts of the nearer sample, one of the further, edges as stored", () => {
  // Stored 128 and 148: 128, (3·128 + 148 + 2) >> 2 = 133, (3·148 + 128 + 1) >> 2 = 143, 148; red = 128 + 1.402 · (Cr − 128).
  const rgb = toRgb({ heightPx: 1, widthPx: 4, data: row([128, 128, 148, 148]), across: 2, down: 1 });
  expect([...rgb].filter((_, i) => i % 3 === 0)).toEqual([128, 135, 149, 156]);
});

test("two across and down: weights 9, 3, 3, 1", () => {
  const data = Uint8Array.from([...row([128, 128, 192, 192]), ...row([128, 128, 192, 192]), ...row([192, 192, 128, 128]), ...row([192, 192, 128, 128])]);
  const rgb = toRgb({ heightPx: 4, widthPx: 4, data, across: 2, down: 2 });
  const red = [...rgb].filter((_, i) => i % 3 === 0);
  // Pixel (1, 1): (9 · 128 + 3 · 192 + 3 · 192 + 128 + 7) >> 4 = 152; red = 128 + round(1.402 · 24) = 162.
  expect([red[0], red[5], red[3], red[15]]).toEqual([128, 162, 218, 128]);
});

test("one chroma everywhere stays one colour, for every size", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(255), fc.constantFrom(1 as const, 2 as const), (heightPx, widthPx, value, down) => {
    const data = Array.from({ length: heightPx * widthPx }, () => [100, value, 255 - value]).flat();
    const smooth = toRgb({ heightPx, widthPx, data: Uint8Array.from(data), across: 2, down });
    expect(smooth).toEqual(toRgb({ heightPx, widthPx, data: Uint8Array.from(data), across: 1, down: 1 }));
  }));
});
