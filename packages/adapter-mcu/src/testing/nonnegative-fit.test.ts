import { describe, expect, test } from "vitest";
import { nonnegativeFit } from "./nonnegative-fit.ts";

describe("a fit without negative coefficients", () => {
  const rows = [[1, 2, 0], [1, 5, 1], [1, 9, 7], [1, 30, 2], [1, 4, 40]];

  test("finds coefficients that explain everything", () => {
    const found = nonnegativeFit(rows.map((columns) => ({ columns, value: 3 * columns[0]! + 0.5 * columns[1]! + 7 * columns[2]! })));
    [3, 0.5, 7].forEach((value, k) => expect(found[k]).toBeCloseTo(value, 5));
  });
  test("leaves out what would have to be taken away", () => {
    const found = nonnegativeFit(rows.map((columns) => ({ columns, value: 100 + columns[1]! - columns[2]! })));
    expect(found[2]).toBe(0);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
  });
  test("gives 0 to a column that says nothing", () => {
    const found = nonnegativeFit([{ columns: [2, 0], value: 6 }, { columns: [4, 0], value: 12 }]);
    expect(found[0]).toBeCloseTo(3, 9);
    expect(found[1]).toBe(0);
  });
});
