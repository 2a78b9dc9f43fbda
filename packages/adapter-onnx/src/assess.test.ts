import { writeOnnx } from "@edgewise/formats/onnx";
import type { Graph } from "@edgewise/graph";
import type { Precision, TargetFacts } from "@edgewise/planner/schema";
import { quantizeGraph } from "@edgewise/quantizer";
import { expect, test } from "vitest";
import { assess } from "./assess.ts";
import { structuralGraph } from "./lower.ts";
import { device, graphOf, randomRanges, smallText, tensorContract, valueOrThrow } from "./testing/emit-case.ts";

const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8"];

function factsOf(graph: Graph, precision: Precision): TargetFacts {
  return assess({ graph, model: "0".repeat(64), precision, resolution: null, device, backend: "cpu", contract: tensorContract });
}

const clamped = graphOf(smallText.replace("a = Relu(y)", "low: float32[] = const [0]\nhigh: float32[] = const [6]\na = Clip(y, low, high)"));

test.each(precisions)("%s: every bill adds up, intervals are ordered, and the same question has the same answer", (precision) => {
  const facts = factsOf(clamped, precision);
  expect(facts.layers.every(({ supported }) => supported)).toBe(true);
  for (const { items, total } of facts.memory) {
    expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total.expected);
    expect(total.low).toBeLessThanOrEqual(total.expected);
    expect(total.expected).toBeLessThanOrEqual(total.high);
  }
  expect(factsOf(clamped, precision)).toEqual(facts);
});

test.each(["float32", "float16", "int8-weights"] as const)("%s: the size of the file is exact", (precision) => {
  const { length } = writeOnnx(valueOrThrow(structuralGraph(clamped, precision))).model;
  expect(factsOf(clamped, precision).bundleBytes).toMatchObject({ low: length, expected: length, high: length });
});

test("int8: ranges within the clamp give the smallest file, ranges beyond it the largest, and nothing lies outside", () => {
  const { low, expected, high } = factsOf(clamped, "int8").bundleBytes;
  const sizeWith = (limits: readonly [number, number]): number => {
    const ranges = Object.fromEntries(Object.keys(randomRanges(clamped, 1)).map((id) => [id, limits] as const));
    return writeOnnx(valueOrThrow(quantizeGraph(clamped, ranges))).model.length;
  };
  expect(sizeWith([0, 5])).toBe(low);
  expect(expected).toBe(low);
  expect(sizeWith([-9, 9])).toBe(high);
  expect(high).toBeGreaterThan(low);
  for (let seed = 1; seed <= 20; seed++) {
    const { length } = writeOnnx(valueOrThrow(quantizeGraph(clamped, randomRanges(clamped, seed)))).model;
    expect(length).toBeGreaterThanOrEqual(low);
    expect(length).toBeLessThanOrEqual(high);
  }
});

test("an op without an int8 form is refused at its node, and runs in float", () => {
  const graph = graphOf(smallText.replace("a = Relu(y)", "a = HardSigmoid(y)"));
  expect(factsOf(graph, "int8").layers.filter(({ supported }) => !supported).map(({ op }) => op)).toEqual(["HardSigmoid"]);
  expect(factsOf(graph, "float32").layers.every(({ supported }) => supported)).toBe(true);
});

test("a file that is int8 already is taken as it is", () => {
  const stored = valueOrThrow(quantizeGraph(clamped, randomRanges(clamped, 3)));
  const facts = factsOf(stored, "int8");
  expect(facts.layers.every(({ supported }) => supported)).toBe(true);
  const { length } = writeOnnx(stored).model;
  expect(facts.bundleBytes).toMatchObject({ low: length, expected: length, high: length });
});

test("work is counted in the type it is done in", () => {
  expect(precisions.map((precision) => factsOf(clamped, precision).work.map(({ macType }) => macType))).toEqual([["float32"], ["float32"], ["float32"], ["int8"]]);
});
