import { existsSync } from "node:fs";
import { type Graph, valueOf } from "@edgewise/graph";
import { decodeTensor } from "@edgewise/graph/ops";
import { type LitertRuntime, loadLitert, openLitert } from "@edgewise/measure";
import type { ImageInput, Precision, TaskContract } from "@edgewise/planner/schema";
import { imageToTensor } from "@edgewise/preprocess";
import { calibrate, interpreterRunner, quantizeGraph, quantizeInt16x8 } from "@edgewise/quantizer";
import { beforeAll, describe, expect, test } from "vitest";
import { valueOrThrow } from "../../adapter-onnx/src/testing/emit-case.ts";
import { corpus, realGraph, realModels } from "../../adapter-onnx/src/testing/real-models.ts";
import type { VectorRecord } from "./golden.ts";
import { litertAdapter } from "./index.ts";
import { lowerForLitert } from "./lower.ts";
import { MODEL_FILE } from "./metadata.ts";
import { factsOf, inPrecision, litertInput } from "./testing/emit-case.ts";
import { asInput } from "./turn.ts";

const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8-dynamic", "int8"];
/** With the one that XNNPACK leaves to LiteRT's own kernels. */
const emitted: readonly Precision[] = [...precisions, "int16x8"];
const CALIBRATION_PICTURES = 8;
const GOLDEN_PICTURES = 4;

describe.skipIf(!existsSync(corpus)).each(realModels)("$name (needs the corpus)", (model) => {
  const { input, classes, pictures } = model;
  let runtime: LitertRuntime;
  beforeAll(async () => { runtime = await loadLitert(); });

  function contractOf(graph: Graph): TaskContract & { readonly input: ImageInput } {
    const [, second] = valueOf(graph, graph.inputs[0]!).shape ?? [];
    return { input: { ...input, layout: second === 1 || second === 3 ? "nchw" : "nhwc" }, output: { kind: "labels", labels: Array.from({ length: classes }, (_, i) => `class ${i}`), labelOffset: 0, softmax: false, topK: 1 } };
  }

  async function ready(graph: Graph, precision: Precision): Promise<Graph> {
    if (precision !== "int8" && precision !== "int16x8") return inPrecision(graph, precision);
    const { input: contract } = contractOf(graph);
    const shape = (valueOf(graph, graph.inputs[0]!).shape ?? []).map(Number);
    const [heightPx, widthPx] = contract.layout === "nchw" ? [shape[2]!, shape[3]!] : [shape[1]!, shape[2]!];
    const samples = pictures(CALIBRATION_PICTURES).map((bytes) => new Map([[graph.inputs[0]!, valueOrThrow(imageToTensor(bytes, { contract, resolution: { heightPx, widthPx }, file: "picture" }))]]));
    const { ranges, means } = valueOrThrow(await calibrate({ graph, samples, runner: interpreterRunner(), method: "min-max" }));
    return valueOrThrow(precision === "int8" ? quantizeGraph(graph, ranges, { means }) : quantizeInt16x8(graph, ranges, { means }));
  }

  test.each(emitted)("a bundle in %s proves itself, and LiteRT gives the golden answers", async (precision) => {
    const graph = realGraph(model);
    const about = litertInput({ graph, precision, contract: contractOf(graph), raw: pictures(GOLDEN_PICTURES), emitted: await ready(graph, precision) });
    const bundle = valueOrThrow(await litertAdapter.emit(about));
    expect(await litertAdapter.check(bundle)).toEqual([]);
    const file = (path: string): Uint8Array => bundle.files.find((each) => each.path === path)!.bytes;
    const lowered = valueOrThrow(lowerForLitert(about.graph, precision));
    const opened = await openLitert(file(MODEL_FILE), runtime);
    for (const golden of about.golden) {
      const record = JSON.parse(new TextDecoder().decode(file(`golden/${golden.name}.json`))) as VectorRecord;
      const shape = (valueOf(about.graph, about.graph.inputs[0]!).shape ?? []).map(Number);
      const [found] = await opened.run([asInput(lowered, decodeTensor("float32", shape, golden.input))]);
      record.output.forEach((expected, i) => expect(Math.abs(expected - Number(found!.data[i]))).toBeLessThanOrEqual(record.allowed[i]!));
    }
    opened.close();
  });

  test.each(precisions)("in %s no transpose stands inside, and XNNPACK is predicted to do all the multiplying", (precision) => {
    expect(valueOrThrow(lowerForLitert(inPrecision(realGraph(model), precision), precision)).transposes).toBe(0);
    const facts = factsOf({ graph: realGraph(model), precision, contract: contractOf(realGraph(model)) });
    expect(facts.layers.filter(({ supported }) => !supported)).toEqual([]);
    expect(facts.delegateCoverage?.expected).toBe(1);
  });
});
