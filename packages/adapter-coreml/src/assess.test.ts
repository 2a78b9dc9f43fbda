import type { Precision, TargetFacts } from "@edgewise/planner/schema";
import { describe, expect, test } from "vitest";
import { assess } from "./assess.ts";
import { writeModel } from "./lower.ts";
import { precisions, runtime } from "./runtime.ts";
import { device, graphOf, inPrecision, randomRanges, smallText, tensorContract, valueOrThrow } from "./testing/emit-case.ts";

const graph = graphOf(smallText);
const factsOf = (precision: Precision, backend: string): TargetFacts => assess({ graph, model: "0".repeat(64), precision, resolution: null, device, backend, contract: tensorContract });
const cases = runtime.backends.flatMap(({ id, precisions: offered }) => offered.map((precision) => [precision, id] as const));

describe.each(cases)("%s on %s", (precision, backend) => {
  const facts = factsOf(precision, backend);

  test("every layer is supported, every bill adds up, intervals are ordered, and the same question has the same answer", () => {
    expect(facts.layers.filter(({ supported }) => !supported)).toEqual([]);
    for (const { items, total } of facts.memory) {
      expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total.expected);
      expect(total.low).toBeLessThanOrEqual(total.expected);
      expect(total.expected).toBeLessThanOrEqual(total.high);
    }
    expect(factsOf(precision, backend)).toEqual(facts);
  });

  test("work is split by unit, and its multiply-accumulates are the layers'", () => {
    const macs = facts.layers.reduce((sum, layer) => sum + layer.macs, 0);
    expect(facts.work.reduce((sum, part) => sum + part.macs, 0)).toBe(macs);
    expect(new Set(facts.work.map(({ unitKind }) => unitKind)).size).toBe(facts.work.length);
  });
});

test("coverage is predicted where there is a unit to cover", () => {
  expect(factsOf("float16", "cpu").delegateCoverage).toBeUndefined();
  expect(factsOf("float16", "all").delegateCoverage).toMatchObject({ low: 0, expected: 1, high: 1 });
});

test.each([["float32", "iOS15"], ["float16", "iOS15"], ["int8-weights", "iOS16"], ["int4-palette", "iOS16"], ["int8-symmetric", "iOS17"]] as const)("%s is written for %s, the oldest system that can say it", (precision, oldest) => {
  for (const { id } of runtime.backends) {
    const { target } = valueOrThrow(writeModel(inPrecision(graph, precision, randomRanges(graph, 1)), { precision, backend: id, contract: tensorContract }));
    expect(target).toBe(oldest);
  }
});

test("compressed weights are smaller files", () => {
  const wide = graphOf(`graph wide\nin x: float32[1, 64]\nw: float32[64, 128] = const seed 1\ny = MatMul(x, w)\nout y\n`);
  const sizes = precisions.map((precision) => assess({ graph: wide, model: "0".repeat(64), precision, resolution: null, device, backend: "all", contract: tensorContract }).bundleBytes.expected);
  const [float32 = 0, float16 = 0, int8 = 0, int4 = 0] = sizes;
  expect(int4).toBeLessThan(int8);
  expect(int8).toBeLessThan(float16);
  expect(float16).toBeLessThan(float32);
});
