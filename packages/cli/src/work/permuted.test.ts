import { expect, it } from "vitest";
import { permuted } from "./permuted.ts";

const tensor = { dtype: "float32", shape: [1, 2, 3, 2], data: Float32Array.from({ length: 12 }, (_, i) => i) } as const;

it("channels first become channels last: axis i is the given one's axis axes[i]", () => {
  expect(permuted(tensor, [0, 2, 3, 1])).toEqual({ dtype: "float32", shape: [1, 3, 2, 2], data: Float32Array.of(0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11) });
});

it("an order and its inverse give the tensor back, and no order leaves it", () => {
  expect(permuted(permuted(tensor, [3, 0, 2, 1]), [1, 3, 2, 0])).toEqual(tensor);
  expect(permuted(tensor, null)).toBe(tensor);
});

it("an order of other axes is our mistake", () => {
  expect(() => permuted(tensor, [0, 1, 1, 3])).toThrow();
  expect(() => permuted(tensor, [0, 1])).toThrow();
});
