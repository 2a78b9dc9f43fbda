import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Graph, type Tensor, bindDims, elementCount, interpret, openDims, valueOf } from "@edgewise/graph";
import { dequantizeTensor, quantizeTensor } from "@edgewise/graph/ops";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, it } from "vitest";
import { readOnnx } from "../onnx/read.ts";
import { readTflite } from "../tflite/read.ts";
import { readCoreml } from "./read.ts";
import { value } from "./testing/sample.ts";
import { writeCoreml } from "./write.ts";

const corpus = join(process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus"), "models");
const present = existsSync(corpus);

/** What the vocabulary does not have; every other file of the corpus is written. */
const refused: ReadonlySet<string> = new Set([
  "other-onnx/lgbm_classifier_tensor.onnx", "other-onnx/st_ssd_mobilenet_v1_025_256.onnx", "other-onnx/treeensembleclassifier.onnx", "other-onnx/xgboost_classifier_tree.onnx",
  "segmentation/deeplabv3_mnv2_dm05_pascal_quant.tflite", "tflm-micro-speech/audio_preprocessor_float.tflite", "tflm-micro-speech/audio_preprocessor_int8.tflite",
]);

/** float32 sums in one order agree to this. */
const FLOAT32 = { absolute: 1e-5, relative: 1e-4 };
/** float16 through up to 50 layers, relative to the largest output. */
const FLOAT16_RELATIVE = 0.015;

/**
 * Weights with a zero point: read back, their layers compute in reals, not in integers with roundings of their own, which
 * over 28 to 53 layers makes up to six steps of the answer.
 */
const inReals: ReadonlySet<string> = new Set(["v1_0.25_128", "v1_0.5_160", "v1_0.75_192", "v2_1.0_224"].map((name) => `mobilenet-imagenet/mobilenet_${name}_quant.tflite`));
const STEPS = 6 / 256;

const files = present ? readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((file) => /\.(onnx|tflite)$/.test(file) && !refused.has(file)).sort() : [];

function load(file: string): Graph {
  const bytes = readFileSync(join(corpus, file));
  const read = value(file.endsWith(".onnx") ? readOnnx(bytes, { file }) : readTflite(bytes, { file }));
  return value(canonicalize(value(bindDims(read, Object.fromEntries(openDims(read).map((dim) => [dim, 1]))))));
}

function isQuantized(graph: Graph): boolean {
  return graph.nodes.some(({ outputs }) => outputs.some((id) => valueOf(graph, id).quant !== null));
}

/** Inputs as the graph takes them, and as the features of the program: reals. */
function feedsOf(graph: Graph, names: Readonly<Record<string, string>>): { readonly graph: ReadonlyMap<string, Tensor>; readonly features: ReadonlyMap<string, Tensor> } {
  const pairs = graph.inputs.map((id) => {
    const { shape, quant, dtype } = valueOf(graph, id);
    const dims = (shape ?? []).map(Number);
    const reals: Tensor = { dtype: "float32", shape: dims, data: Float32Array.from({ length: elementCount(dims) }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.7)) };
    const stored = quant === null ? reals : quantizeTensor(reals, quant, dtype);
    return { id, stored, reals: quant === null ? reals : dequantizeTensor({ tensor: stored, quant }) };
  });
  return { graph: new Map(pairs.map(({ id, stored }) => [id, stored])), features: new Map(pairs.map(({ id, reals }) => [names[id] ?? "", reals])) };
}

/** Results as reals. */
function outputsOf(graph: Graph, feeds: ReadonlyMap<string, Tensor>): readonly Tensor[] {
  return [...interpret(graph, feeds)].map(([id, tensor]) => {
    const { quant } = valueOf(graph, id);
    return quant === null ? tensor : dequantizeTensor({ tensor, quant });
  });
}

interface Comparison {
  /** Largest difference, less what FLOAT32 allows at that place. */
  readonly excess: number;
  /** Largest difference in parts of the largest output. */
  readonly relative: number;
}

function compared(file: string, compute: "float32" | "float16"): Comparison {
  const graph = load(file);
  const written = value(writeCoreml(graph, { compute, target: isQuantized(graph) ? "iOS17" : "iOS15" }));
  const read = value(readCoreml(written.files, { file }));
  const feeds = feedsOf(graph, written.inputNames);
  const expected = outputsOf(graph, feeds.graph);
  const found = outputsOf(value(canonicalize(read.graph)), feeds.features);
  let [excess, most, top] = [-Infinity, 0, 0];
  for (const [index, { data }] of expected.entries()) for (let i = 0; i < data.length; i++) {
    const difference = Math.abs(Number(data[i]) - Number(found[index]?.data[i]));
    excess = Math.max(excess, difference - FLOAT32.absolute - FLOAT32.relative * Math.abs(Number(data[i])));
    most = Math.max(most, difference);
    top = Math.max(top, Math.abs(Number(data[i])));
  }
  return { excess, relative: most / top };
}

/** Files with facts on activations or weights, by name: loading them all to look costs seconds. */
const quantized = /int8|quant|qdq|srq|ptq|person_detect/;

describe.skipIf(!present)("the corpus", () => {
  it.each([...inReals])("%s: read back from a float32 program it computes the same, to a few steps", { timeout: 60_000 }, (file) => {
    expect(compared(file, "float32").excess).toBeLessThan(STEPS);
  });

  it.each(files.filter((file) => !inReals.has(file)))("%s: read back from a float32 program it computes the same", { timeout: 60_000 }, (file) => {
    expect(compared(file, "float32").excess).toBeLessThanOrEqual(0);
  });

  it.each(files.filter((file) => !quantized.test(file)))("%s: read back from a float16 program it computes nearly the same", { timeout: 60_000 }, (file) => {
    expect(compared(file, "float16").relative).toBeLessThan(FLOAT16_RELATIVE);
  });

  it.each(files.filter((file) => !quantized.test(file)))("%s: read back and written again it is the same bytes", { timeout: 60_000 }, (file) => {
    const once = value(writeCoreml(load(file)));
    const again = value(writeCoreml(value(canonicalize(value(readCoreml(once.files, { file })).graph))));
    expect(again.files.every(({ bytes }, index) => Buffer.compare(bytes, once.files[index]?.bytes ?? new Uint8Array()) === 0)).toBe(true);
  });
});
