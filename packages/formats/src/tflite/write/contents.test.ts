import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentsOf } from "./contents.ts";

describe("contentsOf", () => {
  it("gives each content back by its place, and two places to two contents only when they differ", () => {
    const some = fc.array(fc.option(fc.uint8Array({ maxLength: 6, max: 1 })), { maxLength: 40 });
    fc.assert(fc.property(some, (data) => {
      const { unique, indices } = contentsOf(data);
      expect(indices.map((place) => (place === 0 ? null : unique[place - 1]))).toEqual(data);
      expect(new Set(unique.map((bytes) => bytes.join())).size).toBe(unique.length);
    }), { numRuns: 500 });
  });

  it("finds equal contents at whatever place of a file they are", () => {
    const file = Uint8Array.of(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0);
    expect(contentsOf([file.subarray(1, 6), file.subarray(7, 12)]).indices).toEqual([1, 1]);
  });
});
