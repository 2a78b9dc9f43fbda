import type { Tensor } from "@edgewise/graph";
import { expect, it } from "vitest";
import { agreementOf } from "./agreement.ts";

const tensor = (...values: readonly number[]): Tensor => ({ dtype: "float32", shape: [1, values.length], data: Float32Array.from(values) });
const tolerance = { relative: 0, absolute: 0.5, softmax: null, words: "0.5" };

it("the best class may change only where the reference's own lead is within what both may differ", () => {
  expect(agreementOf(tensor(3, 2.5), tensor(2.6, 2.9), tolerance)).toMatchObject({ sameBest: true });
  expect(agreementOf(tensor(3, 1.5), tensor(2, 2.5), tolerance)).toMatchObject({ sameBest: false });
});

it("a difference is told as a share of what is allowed", () => {
  expect(agreementOf(tensor(3, 1), tensor(3.25, 1), tolerance).ofAllowed).toBeCloseTo(0.5, 6);
  expect(agreementOf(tensor(3, 1), tensor(3.25), tolerance).ofAllowed).toBe(Infinity);
});
