import { writeOnnx } from "@edgewise/formats/onnx";
import { type Graph, type Tensor, interpret, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { runModel } from "@edgewise/measure";
import type { Precision } from "@edgewise/planner/schema";
import { allowedDifferences, calibrate, interpreterRunner, quantizeGraph } from "@edgewise/quantizer";
import { randomCnn } from "@edgewise/testkit";
import { describe, expect, test } from "vitest";
import { assess } from "./assess.ts";
import { onnxAdapter } from "./index.ts";
import { device, emitInput, inPrecision, randomRows, tensorContract, valueOrThrow } from "./testing/emit-case.ts";
import { toleranceOf } from "./tolerance.ts";

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);
const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8"];

function feedsOf(graph: Graph, seed: number): readonly ReadonlyMap<string, Tensor>[] {
  const [id = ""] = graph.inputs;
  const shape = (valueOf(graph, id).shape ?? []).map(Number);
  return randomRows(graph, seed, 2).map((bytes) => new Map([[id, { dtype: "float32", shape, data: new Float32Array(bytes.slice().buffer) }]]));
}

async function emitted(graph: Graph, precision: Precision, seed: number): Promise<Graph> {
  if (precision !== "int8") return inPrecision(graph, precision);
  const { ranges } = valueOrThrow(await calibrate({ graph, samples: feedsOf(graph, seed), runner: interpreterRunner(), method: "min-max" }));
  return valueOrThrow(quantizeGraph(graph, ranges));
}

describe.each(precisions)("%s", (precision) => {
  test.each(SEEDS)("random network %i: the file's size is as assessed, and onnxruntime agrees within what the self-test allows", async (seed) => {
    const graph = valueOrThrow(canonicalize(randomCnn(seed)));
    const ready = await emitted(graph, precision, seed);
    const { bundleBytes } = assess({ graph, model: "0".repeat(64), precision, resolution: null, device, backend: "cpu", contract: tensorContract });
    const { model } = writeOnnx(ready);
    expect(model.length).toBeGreaterThanOrEqual(bundleBytes.low);
    expect(model.length).toBeLessThanOrEqual(bundleBytes.high);
    const allowed = toleranceOf(ready, precision);
    const [output = ""] = ready.outputs;
    for (const feeds of feedsOf(graph, seed)) {
      const expected = [...interpret(ready, feeds).get(output)!.data].map(Number);
      const found = [...(await runModel(model, feeds)).get(output)!.data].map(Number);
      const limits = allowedDifferences(expected, allowed);
      expected.forEach((value, i) => expect(Math.abs(value - found[i]!)).toBeLessThanOrEqual(limits[i]!));
    }
  });

  test("random networks: a bundle proves itself", async () => {
    for (const seed of SEEDS.slice(0, 4)) {
      const graph = valueOrThrow(canonicalize(randomCnn(seed)));
      const input = emitInput({ graph, precision, contract: tensorContract, raw: randomRows(graph, seed, 1), emitted: await emitted(graph, precision, seed) });
      expect(await onnxAdapter.check(valueOrThrow(await onnxAdapter.emit(input))), String(seed)).toEqual([]);
    }
  });
});
