import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programBytes } from "../../packages/adapter-litert/src/encode.ts";
import { gpu } from "../../packages/adapter-litert/src/delegates/gpu.ts";
import { placementOf } from "../../packages/adapter-litert/src/delegates/placement.ts";
import { xnnpack } from "../../packages/adapter-litert/src/delegates/xnnpack.ts";
import { lowerForLitert } from "../../packages/adapter-litert/src/lower.ts";
import type { Graph } from "../../packages/graph/src/index.ts";
import type { Precision } from "../../packages/planner/src/schema/index.ts";
import { placeholderRanges, quantizeGraph, toFloat16, weightOnly } from "../../packages/quantizer/src/index.ts";
import { valueOrThrow } from "../../packages/measure/src/testing/corpus.ts";
import { type CorpusNet, corpusFiles, readNet } from "./corpus-nets.ts";
import { type Judge, judgePresent, startJudge } from "./judge.ts";

/** Each network in the precisions it can have; one that is int8 already, as it is. */
function variants({ graph, form }: CorpusNet): readonly (readonly [Precision, Graph])[] {
  if (form === "int8") return [["int8", graph]];
  const stored = form === "weights" ? [] : ([["float32", graph], ["float16", toFloat16(graph)]] as const);
  const quantized = form === "weights" ? null : quantizeGraph(graph, placeholderRanges(graph));
  return [...stored, ["int8-weights", weightOnly(graph)], ["int8-dynamic", weightOnly(graph)], ...(quantized?.ok ? [["int8", quantized.value] as const] : [])];
}

const nets = judgePresent ? corpusFiles().map((file) => readNet(file)).flatMap((read) => (read.ok ? [read.value] : [])) : [];

describe.skipIf(!judgePresent)("predicted placement beside LiteRT's own (needs conformance/litert/setup.sh)", () => {
  let judge: Judge;
  beforeAll(() => void (judge = startJudge()));
  afterAll(() => judge.close());

  test.each(nets.map((net) => [net.file, net] as const))("%s: LiteRT hands XNNPACK as many subgraphs as the rules say", async (_, net) => {
    for (const [precision, graph] of variants(net)) {
      const { program } = valueOrThrow(lowerForLitert(graph, precision));
      expect([precision, placementOf(program, xnnpack).partitions]).toEqual([precision, await judge.partitions(programBytes(program))]);
    }
  });

  test.each(nets.filter(({ form }) => form === "float").map((net) => [net.file, net] as const))("%s: the official analyzer calls float files compatible with the GPU where the rules place all of one there", async (_, net) => {
    const { program } = valueOrThrow(lowerForLitert(net.graph, "float32"));
    const { compatible, warnings } = await judge.gpu(programBytes(program));
    const placed = placementOf(program, gpu);
    if (placed.operators.every(({ delegated }) => delegated)) expect([compatible, warnings]).toEqual([true, []]);
  });
});
