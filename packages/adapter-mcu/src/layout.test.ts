import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisOrder, channelsLast, isRowMajor, layoutOf, relabelled, rowMajor, sameLayout, storedToLogical } from "./layout.ts";

/** A shape of one to four axes and an order of them. */
const stored = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) =>
  fc.shuffledSubarray(shape.map((_, axis) => axis), { minLength: shape.length, maxLength: shape.length }).map((order) => ({ shape, order })));

/** Row-major index of each stored position, the slow way. */
function walk(shape: readonly number[], order: readonly number[]): number[] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const visit = (depth: number, base: number): number[] => {
    const axis = order[depth];
    if (axis === undefined) return [base];
    return Array.from({ length: shape[axis]! }, (_, i) => visit(depth + 1, base + i * strides[axis]!)).flat();
  };
  return visit(0, 0);
}

describe("layout", () => {
  test("stored positions name the row-major elements that the order says", () => {
    fc.assert(fc.property(stored, ({ shape, order }) => {
      expect([...storedToLogical(layoutOf(shape, order))]).toEqual(walk(shape, order));
    }));
  });
  test("two layouts are equal exactly when they are the same permutation", () => {
    fc.assert(fc.property(stored, stored, (a, b) => {
      fc.pre(a.shape.reduce((x, y) => x * y, 1) === b.shape.reduce((x, y) => x * y, 1));
      const same = walk(a.shape, a.order).join() === walk(b.shape, b.order).join();
      expect(sameLayout(layoutOf(a.shape, a.order), layoutOf(b.shape, b.order))).toBe(same);
    }));
  });
  test("the order of a layout's own shape comes back, axes of one aside", () => {
    fc.assert(fc.property(stored, ({ shape, order }) => {
      const found = axisOrder(layoutOf(shape, order), shape);
      expect(found === null ? null : walk(shape, found)).toEqual(walk(shape, order));
    }));
  });
  test("a transposition that only relabels leaves every byte where it is", () => {
    fc.assert(fc.property(stored, fc.nat(), ({ shape, order }, turn) => {
      const permutation = shape.map((_, axis) => (axis + turn) % shape.length);
      const layout = relabelled(layoutOf(shape, order), shape, permutation);
      expect(layout).not.toBeNull();
      // Element of the transposed value at each stored position, taken back to the original's row-major index.
      const moved = walk(shape, permutation);
      expect([...storedToLogical(layout!)].map((index) => moved[index])).toEqual(walk(shape, order));
    }));
  });
  test("a picture lies row by row, the channels of a pixel side by side", () => {
    const [channels, height, width] = [2, 3, 4];
    const expected = Array.from({ length: height * width * channels }, (_, position) => {
      const pixel = Math.floor(position / channels);
      return (position % channels) * height * width + pixel;
    });
    expect([...storedToLogical(channelsLast([1, channels, height, width]))]).toEqual(expected);
  });
  test("a picture of one channel and a vector lie row-major", () => {
    expect(isRowMajor(channelsLast([1, 1, 5, 7]))).toBe(true);
    expect(isRowMajor(channelsLast([1, 9, 1, 1]))).toBe(true);
    expect(sameLayout(channelsLast([1, 3, 1, 1]), rowMajor(3))).toBe(true);
  });
});
