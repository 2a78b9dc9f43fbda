import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { windowOf } from "../../int8/window.ts";
import { borderClasses } from "./border-classes.ts";

const axis = fc.record({ input: fc.integer({ min: 1, max: 7 }), kernel: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 3 }), dilation: fc.integer({ min: 1, max: 2 }), start: fc.nat(4), end: fc.nat(4) })
  .filter(({ input, kernel, dilation, start, end }) => input + start + end >= dilation * (kernel - 1) + 1);

describe("borderClasses", () => {
  test("are the sets of taps that hit the input, over all windows", () => {
    fc.assert(fc.property(axis, axis, (rows, columns) => {
      const both = [rows, columns];
      const window = windowOf(both.map(({ input }) => input), both.map(({ kernel }) => kernel), {
        strides: both.map(({ stride }) => stride), dilations: both.map(({ dilation }) => dilation), pads: [...both.map(({ start }) => start), ...both.map(({ end }) => end)],
      });
      const hit = ({ input, stride, dilation, start }: typeof rows, at: number, tap: number): boolean => {
        const position = at * stride - start + tap * dilation;
        return position >= 0 && position < input;
      };
      const found = new Set<string>();
      for (let y = 0; y < window.rows.output; y++) {
        for (let x = 0; x < window.columns.output; x++) {
          const taps = Array.from({ length: rows.kernel * columns.kernel }, (_, tap) => tap)
            .filter((tap) => hit(rows, y, Math.floor(tap / columns.kernel)) && hit(columns, x, tap % columns.kernel));
          found.add(taps.join());
        }
      }
      expect(new Set(borderClasses(window).map((taps) => taps.join()))).toEqual(found);
    }), { numRuns: 300 });
  });
});
