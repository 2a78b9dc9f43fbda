import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readOnnx } from "@edgewise/formats/onnx";
import type { Graph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { ortRunner } from "@edgewise/measure";
import type { ImageInput, Precision, TaskContract } from "@edgewise/planner/schema";
import { imageToTensor } from "@edgewise/preprocess";
import { calibrate, quantizeGraph } from "@edgewise/quantizer";
import { afterAll, expect, test } from "vitest";
import { onnxAdapter } from "./index.ts";
import { bundleFolder, runSelftest } from "./testing/bundle-folder.ts";
import { emitInput, inPrecision, valueOrThrow } from "./testing/emit-case.ts";

const example = fileURLToPath(new URL("../../../examples/meter-reading/", import.meta.url));
const input: ImageInput = { kind: "image", color: "gray", resize: { filter: "area", fit: "stretch", crop: null, pad: 0 }, scale: [1 / 255], offset: [0], layout: "nchw" };
const contract: TaskContract = { input, output: { kind: "labels", labels: [..."0123456789"], labelOffset: 0, softmax: true, topK: 3 } };
const runner = ortRunner();
afterAll(() => runner.close());

function pictures(folder: string, count: number): readonly Uint8Array[] {
  const names = (readdirSync(`${example}data/${folder}`, { recursive: true }) as string[]).filter((name) => name.endsWith(".png")).sort();
  const step = Math.max(1, Math.floor(names.length / count));
  return names.filter((_, i) => i % step === 0).slice(0, count).map((name) => new Uint8Array(readFileSync(`${example}data/${folder}/${name}`)));
}

async function calibrated(graph: Graph, sidePx: number): Promise<Graph> {
  const samples = pictures("calib", 200).map((bytes) => new Map([[graph.inputs[0]!, valueOrThrow(imageToTensor(bytes, { contract: input, resolution: { heightPx: sidePx, widthPx: sidePx }, file: "picture" }))]]));
  const { ranges, means } = valueOrThrow(await calibrate({ graph, samples, runner, method: "mse" }));
  return valueOrThrow(quantizeGraph(graph, ranges, { means }));
}

test.each<Precision>(["float32", "float16", "int8-weights", "int8"])("a meter model in %s answers from picture to digit as the reference", async (precision) => {
  const graph = valueOrThrow(canonicalize(valueOrThrow(readOnnx(new Uint8Array(readFileSync(`${example}models/meter-w8-16.onnx`)), { file: "meter-w8-16.onnx" }))));
  const emitted = precision === "int8" ? await calibrated(graph, 16) : inPrecision(graph, precision);
  const bundle = valueOrThrow(await onnxAdapter.emit(emitInput({ graph, precision, contract, raw: pictures("eval", 20), emitted })));
  const folder = await bundleFolder(bundle);
  try {
    expect(await onnxAdapter.check(bundle)).toEqual([]);
    expect(await runSelftest(folder.path)).toMatchObject({ code: 0, text: expect.stringContaining("PASS: 20 of 20 vectors") });
  } finally {
    await folder.remove();
  }
});
