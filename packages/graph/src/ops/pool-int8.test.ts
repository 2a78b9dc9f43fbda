import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attrs } from "../graph.ts";
import { parseGraph, printGraph } from "../index.ts";
import { canonicalize } from "../passes/index.ts";
import type { Quant } from "../quant.ts";
import { averagePoolInt8 } from "./pool.int8.ts";

const fact: Quant = { kind: "affine", scale: [0.5], zeroPoint: [3], axis: null };

/** The mean of one window that holds all numbers. */
function meanOf(numbers: readonly number[], attrs: Attrs): number {
  const x = { tensor: { dtype: "int8" as const, shape: [1, 1, 1, numbers.length], data: Int8Array.from(numbers) }, quant: fact };
  return Number(averagePoolInt8([x], [fact], { kernel_shape: [1, numbers.length], ...attrs })[0]?.data[0]);
}

const windows = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 12 });

describe("the rounding of an int8 mean", () => {
  test("is of halves away from zero unless the pool says otherwise", () => {
    expect([meanOf([-1, -2], {}), meanOf([1, 2], {}), meanOf([-1, -2], { halves: "away" })]).toEqual([-2, 2, -2]);
  });

  test("is of halves up where it says so", () => {
    expect([meanOf([-1, -2], { halves: "up" }), meanOf([1, 2], { halves: "up" }), meanOf([-128, -127], { halves: "up" })]).toEqual([-1, 2, -127]);
  });

  test("is then that of the same numbers 128 higher, in integers from 0 up", () => {
    fc.assert(fc.property(windows, (numbers) => {
      const sum = numbers.reduce((total, stored) => total + stored + 128, 0);
      expect(meanOf(numbers, { halves: "up" }) + 128).toBe(Math.floor((sum + Math.floor(numbers.length / 2)) / numbers.length));
    }));
  });

  test("has no third form", () => {
    expect(() => meanOf([1], { halves: "even" })).toThrow(expect.objectContaining({ code: "OP_ATTRIBUTE" }));
  });

  test("stays in the text form, and in the canonical form", () => {
    const graph = parseGraph('graph one\nin x: int8[1, 2, 4, 4] scale=0.5\ny: int8[1, 2, 2, 2] scale=0.5 = AveragePool(x) halves="up" kernel_shape=[2, 2] strides=[2, 2]\nout y\n');
    const canonical = canonicalize(graph);
    expect(printGraph(graph)).toContain('halves="up"');
    expect(canonical.ok && canonical.value.nodes.map(({ attrs }) => attrs["halves"])).toEqual(["up"]);
  });
});
