import type { Tensor } from "@edgewise/graph";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answer, classScores, ranking, softmax } from "./answer.ts";

const logits: Tensor = { dtype: "float32", shape: [1, 4], data: Float32Array.of(9, 1, 3, 3) };
const contract = { kind: "labels", labels: ["a", "b", "c"], labelOffset: 1, softmax: false, topK: 2 } as const;

test("the best labels come first; of equal scores the lower class; the offset is left out", () => {
  expect(answer(logits, contract)).toEqual([{ index: 1, label: "b", score: 3 }, { index: 2, label: "c", score: 3 }]);
});

test("softmax is made of the classes that are left, sums to one and keeps the order", () => {
  fc.assert(fc.property(fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 12 }), (scores) => {
    const probabilities = softmax(Float64Array.from(scores));
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(probabilities[ranking(scores)[0]!]).toBe(Math.max(...probabilities));
  }));
  expect([...classScores(logits, { labelOffset: 1, softmax: true })].map((p) => p.toFixed(4))).toEqual(["0.0634", "0.4683", "0.4683"]);
});

test("NaN never wins, and whole numbers rank as they are", () => {
  expect(ranking([Number.NaN, -5, Number.NaN])[0]).toBe(1);
  expect(answer({ dtype: "int64", shape: [1, 3], data: BigInt64Array.of(1n, 3n, 2n) }, { ...contract, labelOffset: 0, topK: 1 })).toEqual([{ index: 1, label: "b", score: 3 }]);
});
