import { writeOnnx } from "@edgewise/formats/onnx";
import { type Graph, type Tensor, elementCount, interpret, parseGraph, propagateShapes, valueOf } from "@edgewise/graph";
import { type Optimization, runModel } from "@edgewise/measure";
import { type Sample, calibrate, interpreterRunner, quantizeGraph } from "@edgewise/quantizer";
import { describe, expect, test } from "vitest";
import { randomNumbers, valueOrThrow } from "./testing/emit-case.ts";
import { int8Graphs } from "./testing/int8-graphs.ts";

const RUNS = 12;

function floatFeeds(graph: Graph, next: (limit: number) => number): Sample {
  return new Map(graph.inputs.map((id, i) => {
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    return [id, { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, () => (next(8001) / 1000 - 3.7) / (i + 1)) }];
  }));
}

function storedFeeds(graph: Graph, next: (limit: number) => number): ReadonlyMap<string, Tensor> {
  return new Map(graph.inputs.map((id) => {
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    return [id, { dtype: "int8", shape, data: Int8Array.from({ length: elementCount(shape) }, () => next(256) - 128) }];
  }));
}

/** The op with int8 borders, its scales from real data, so that outputs fill the range. */
async function quantized(text: string, seed: number): Promise<Graph> {
  const graph = valueOrThrow(propagateShapes(parseGraph(`graph op\n${text}\nout y\n`)));
  const next = randomNumbers(seed);
  const samples = Array.from({ length: 3 }, () => floatFeeds(graph, next));
  const { ranges } = valueOrThrow(await calibrate({ graph, samples, runner: interpreterRunner(), method: "min-max" }));
  return valueOrThrow(quantizeGraph(graph, ranges, { borders: "int8" }));
}

/** How many outputs differ by 0, 1, 2, … steps from the interpreter's. */
async function stepsOf(text: string, optimization: Optimization): Promise<readonly number[]> {
  const histogram: number[] = [0, 0];
  for (let seed = 1; seed <= RUNS; seed++) {
    const graph = await quantized(text, seed);
    const feeds = storedFeeds(graph, randomNumbers(1000 + seed));
    const expected = interpret(graph, feeds).get("y")!;
    const found = (await runModel(writeOnnx(graph).model, feeds, optimization)).get("y")!;
    expect(found).toMatchObject({ dtype: "int8", shape: expected.shape });
    expect(new Set(expected.data as Int8Array).size, "outputs that say something").toBeGreaterThan(4);
    expected.data.forEach((value: number | bigint, i: number) => {
      const steps = Math.abs(Number(value) - Number(found.data[i]));
      histogram[steps] = (histogram[steps] ?? 0) + 1;
    });
  }
  return Array.from(histogram, (count) => count ?? 0);
}

describe.each(["disabled", "all"] as const)("optimization %s", (optimization) => {
  test.each(Object.entries(int8Graphs))("%s: onnxruntime is within one step of the interpreter", async (name, text) => {
    const histogram = await stepsOf(text, optimization);
    expect(histogram.slice(2), `${name}: outputs by steps of difference ${histogram.join(" ")}`).toEqual([]);
  });
});
