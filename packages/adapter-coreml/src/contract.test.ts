import { readCoreml } from "@edgewise/formats/coreml";
import { type Graph, type Tensor, interpret, ok, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { allowedDifferences } from "@edgewise/quantizer";
import { randomCnn } from "@edgewise/testkit";
import { describe, expect, test } from "vitest";
import { assess } from "./assess.ts";
import { writeModel } from "./lower.ts";
import { contractGraph } from "./model-summary.ts";
import { type CoremlPrecision, precisions, runtime } from "./runtime.ts";
import { device, inPrecision, randomRanges, randomRows, tensorContract, valueOrThrow } from "./testing/emit-case.ts";
import { toleranceOf } from "./tolerance.ts";

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const cases = (["cpu", "all"] as const).flatMap((backend) => precisions.filter((precision) => runtime.backends.find(({ id }) => id === backend)!.precisions.includes(precision)).map((precision) => [precision, backend] as const));

function feedsOf(graph: Graph, seed: number): ReadonlyMap<string, Tensor> {
  const [id = ""] = graph.inputs;
  const shape = (valueOf(graph, id).shape ?? []).map(Number);
  const [row = new Uint8Array()] = randomRows(graph, seed, 1);
  return new Map([[id, { dtype: "float32", shape, data: new Float32Array(row.slice().buffer) }]]);
}

/** The answer of the program as its bytes say it. */
function answerOfBytes(ready: Graph, about: { readonly precision: CoremlPrecision; readonly backend: string; readonly feeds: ReadonlyMap<string, Tensor> }): readonly number[] {
  const { written } = valueOrThrow(writeModel(ready, { ...about, contract: tensorContract }));
  const read = valueOrThrow(readCoreml(written.files, { file: "model" }));
  const [from = "", to = ""] = [ready.inputs[0], ready.outputs[0]];
  const input = about.feeds.get(from)!;
  const graph = contractGraph(read, written.outputNames[to]!);
  return Array.from(interpret(graph, new Map([[written.inputNames[from]!, input]])).get(graph.outputs[0]!)!.data, Number);
}

describe.each(cases)("%s on %s", (precision, backend) => {
  test.each(SEEDS)("random network %i: the program that is read back answers as the graph within what the self-test allows, and its size is as assessed", (seed) => {
    const graph = valueOrThrow(canonicalize(randomCnn(seed)));
    const ready = inPrecision(graph, precision, randomRanges(graph, seed));
    const feeds = feedsOf(graph, seed);
    const expected = Array.from(interpret(ready, feeds).get(ready.outputs[0]!)!.data, Number);
    const limits = allowedDifferences(expected, toleranceOf(ready, { precision, backend }));
    answerOfBytes(ready, { precision, backend, feeds }).forEach((found, i) => expect(Math.abs(found - expected[i]!)).toBeLessThanOrEqual(limits[i]!));
    const { bundleBytes } = assess({ graph, model: "0".repeat(64), precision, resolution: null, device, backend, contract: tensorContract });
    const { written } = valueOrThrow(writeModel(ready, { precision, backend, contract: tensorContract }));
    expect(written.files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(bundleBytes.expected);
  });
});

test("an op that no program can say is refused at its node, and the others are not", () => {
  const facts = assess({ graph: valueOrThrow(ok(valueOrThrow(canonicalize(randomCnn(1))))), model: "0".repeat(64), precision: "int8", resolution: null, device, backend: "cpu", contract: tensorContract });
  expect(facts.layers.every(({ supported }) => !supported)).toBe(true);
});
