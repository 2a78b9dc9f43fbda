import type { Precision } from "@edgewise/planner/schema";
import { quantizeGraph } from "@edgewise/quantizer";
import { describe, expect, test } from "vitest";
import { graphOf, randomRanges, smallText, tensorContract, valueOrThrow } from "../../adapter-onnx/src/testing/emit-case.ts";
import { modelBytes } from "./encode.ts";
import { lowerForLitert } from "./lower.ts";
import { runtime } from "./runtime.ts";
import { factsOf, inPrecision } from "./testing/emit-case.ts";

const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8-dynamic", "int8", "int16x8"];
const clamped = graphOf(smallText.replace("a = Relu(y)", "low: float32[] = const [0]\nhigh: float32[] = const [6]\na = Clip(y, low, high)"));

describe.each(precisions)("%s", (precision) => {
  test("every bill adds up, intervals are ordered, and the same question has the same answer", () => {
    const facts = factsOf({ graph: clamped, precision });
    expect(facts.layers.map(({ supported }) => supported)).not.toContain(false);
    for (const { items, total } of facts.memory) {
      expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total.expected);
      expect(total.low).toBeLessThanOrEqual(total.expected);
      expect(total.expected).toBeLessThanOrEqual(total.high);
    }
    expect(factsOf({ graph: clamped, precision })).toEqual(facts);
  });

  test("the size of the file is within the interval, whatever the ranges", () => {
    const { low, high } = factsOf({ graph: clamped, precision }).bundleBytes;
    for (let seed = 1; seed <= 10; seed++) {
      const { length } = modelBytes(valueOrThrow(lowerForLitert(inPrecision(clamped, precision, seed), precision)), tensorContract);
      expect(length).toBeGreaterThanOrEqual(low);
      expect(length).toBeLessThanOrEqual(high);
    }
  });
});

test("weights are as large as their type: float16 half, int8 a quarter of float32", () => {
  const wide = graphOf("graph wide\nin x: float32[1, 64]\nk: float32[64, 512] = const seed 1\ny = MatMul(x, k)\nout y\n");
  const bytes = precisions.map((precision) => factsOf({ graph: wide, precision }).bundleBytes.expected);
  const [full = 0, half = 0, weights = 0, dynamic = 0, int8 = 0] = bytes;
  expect(full - half).toBeGreaterThan(0.9 * 2 * 64 * 512);
  for (const each of [weights, dynamic, int8]) expect(full - each).toBeGreaterThan(0.85 * 3 * 64 * 512);
});

test("coverage is the share of the work on the unit, and the largest layer left is named with its rule", () => {
  const facts = factsOf({ graph: clamped, precision: "int8-dynamic", backend: "npu" });
  expect(facts.delegateCoverage).toMatchObject({ basis: "modelled" });
  expect(facts.delegateCoverage?.expected).toBeLessThan(1);
  expect(facts.largestUndelegated?.rule).toContain("not documented for Qualcomm QNN");
  expect(factsOf({ graph: clamped, precision: "float32", backend: "npu" }).delegateCoverage?.expected).toBe(1);
  expect(factsOf({ graph: clamped, precision: "int8" }).delegateCoverage?.expected).toBe(1);
});

test("what is predicted says so, for every backend", () => {
  for (const { id, precisions: offered } of runtime.backends) {
    for (const { rule, unitKind } of factsOf({ graph: clamped, precision: offered[0] ?? "float32", backend: id }).layers) if (unitKind !== undefined) expect(rule).toContain("predicted");
  }
});

test("a file that is int8 already is taken as it is", () => {
  const stored = valueOrThrow(quantizeGraph(clamped, randomRanges(clamped, 3)));
  const { length } = modelBytes(valueOrThrow(lowerForLitert(stored, "int8")), tensorContract);
  expect(factsOf({ graph: stored, precision: "int8" }).bundleBytes).toMatchObject({ low: length, expected: length, high: length });
});

test("a precision that is not written is refused at every layer, and none is covered", () => {
  const facts = factsOf({ graph: clamped, precision: "int4-palette" });
  expect(facts.layers.map(({ supported }) => supported)).not.toContain(true);
  expect(facts.delegateCoverage).toBeUndefined();
});
