import { existsSync } from "node:fs";
import { type Graph, valueOf } from "@edgewise/graph";
import { ortRunner } from "@edgewise/measure";
import type { ImageInput, Precision, TaskContract } from "@edgewise/planner/schema";
import { imageToTensor } from "@edgewise/preprocess";
import { calibrate, quantizeGraph } from "@edgewise/quantizer";
import { afterAll, describe, expect, test } from "vitest";
import { onnxAdapter } from "./index.ts";
import { bundleFolder, runSelftest } from "./testing/bundle-folder.ts";
import { emitInput, inPrecision, valueOrThrow } from "./testing/emit-case.ts";
import { corpus, realGraph, realModels } from "./testing/real-models.ts";

const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8"];
const CALIBRATION_PICTURES = 24;
const GOLDEN_PICTURES = 16;

describe.skipIf(!existsSync(corpus)).each(realModels)("$name (needs the corpus)", (model) => {
  const { input, classes, pictures } = model;
  const runner = ortRunner();
  afterAll(() => runner.close());

  /** The contract's layout follows the model's input. */
  function contractOf(graph: Graph): TaskContract & { readonly input: ImageInput } {
    const [, second] = valueOf(graph, graph.inputs[0]!).shape ?? [];
    const layout = second === 1 || second === 3 ? "nchw" : "nhwc";
    return { input: { ...input, layout }, output: { kind: "labels", labels: Array.from({ length: classes }, (_, i) => `class ${i}`), labelOffset: 0, softmax: false, topK: 1 } };
  }

  async function emitted(graph: Graph, precision: Precision): Promise<Graph> {
    if (precision !== "int8") return inPrecision(graph, precision);
    const { input: contract } = contractOf(graph);
    const shape = (valueOf(graph, graph.inputs[0]!).shape ?? []).map(Number);
    const [heightPx, widthPx] = contract.layout === "nchw" ? [shape[2]!, shape[3]!] : [shape[1]!, shape[2]!];
    const samples = pictures(CALIBRATION_PICTURES).map((bytes) => new Map([[graph.inputs[0]!, valueOrThrow(imageToTensor(bytes, { contract, resolution: { heightPx, widthPx }, file: "picture" }))]]));
    const { ranges, means } = valueOrThrow(await calibrate({ graph, samples, runner, method: "min-max" }));
    return valueOrThrow(quantizeGraph(graph, ranges, { means }));
  }

  test.each(precisions)("a bundle in %s proves itself, and its self-test passes", async (precision) => {
    const graph = realGraph(model);
    const bundle = valueOrThrow(await onnxAdapter.emit(emitInput({ graph, precision, contract: contractOf(graph), raw: pictures(GOLDEN_PICTURES), emitted: await emitted(graph, precision) })));
    expect(await onnxAdapter.check(bundle)).toEqual([]);
    const folder = await bundleFolder(bundle);
    try {
      const { code, text } = await runSelftest(folder.path);
      expect(text).toContain(`PASS: ${GOLDEN_PICTURES} of ${GOLDEN_PICTURES} vectors`);
      expect(code).toBe(0);
    } finally {
      await folder.remove();
    }
  });
});
