import { type Graph, type Tensor, interpret, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { type LitertRuntime, loadLitert, openLitert } from "@edgewise/measure";
import type { Precision } from "@edgewise/planner/schema";
import { allowedDifferences, calibrate, interpreterRunner, quantizeGraph } from "@edgewise/quantizer";
import { randomCnn } from "@edgewise/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { randomRows, tensorContract, valueOrThrow } from "../../adapter-onnx/src/testing/emit-case.ts";
import { modelBytes } from "./encode.ts";
import { litertAdapter } from "./index.ts";
import { lowerForLitert } from "./lower.ts";
import { factsOf, inPrecision, litertInput } from "./testing/emit-case.ts";
import { toleranceOf } from "./tolerance.ts";
import { asInput, asOutput } from "./turn.ts";

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8-dynamic", "int8"];

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
  let runtime: LitertRuntime;
  beforeAll(async () => { runtime = await loadLitert(); });

  test.each(SEEDS)("random network %i: the file's size is as assessed, and LiteRT agrees within what the self-test allows", async (seed) => {
    const graph = valueOrThrow(canonicalize(randomCnn(seed)));
    const ready = await emitted(graph, precision, seed);
    const lowered = valueOrThrow(lowerForLitert(ready, precision));
    const { bundleBytes } = factsOf({ graph, precision });
    const bytes = modelBytes(lowered, tensorContract);
    expect(bytes.length).toBeGreaterThanOrEqual(bundleBytes.low);
    expect(bytes.length).toBeLessThanOrEqual(bundleBytes.high);
    const model = await openLitert(bytes, runtime);
    for (const feeds of feedsOf(graph, seed)) {
      const [input] = [...feeds.values()];
      const expected = Array.from(asOutput(lowered, interpret(ready, feeds).get(ready.outputs[0] ?? "")!).data, Number);
      const [found] = await model.run([asInput(lowered, input!)]);
      const limits = allowedDifferences(expected, toleranceOf(ready, precision));
      expected.forEach((value, i) => expect(Math.abs(value - Number(found!.data[i]))).toBeLessThanOrEqual(limits[i]!));
    }
    model.close();
  });

  test("random networks: a bundle proves itself", async () => {
    for (const seed of SEEDS.slice(0, 4)) {
      const graph = valueOrThrow(canonicalize(randomCnn(seed)));
      const input = litertInput({ graph, precision, raw: randomRows(graph, seed, 1), emitted: await emitted(graph, precision, seed) });
      expect(await litertAdapter.check(valueOrThrow(await litertAdapter.emit(input))), String(seed)).toEqual([]);
    }
  });
});
