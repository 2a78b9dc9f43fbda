import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Graph, type Tensor, bindDims, elementCount, interpret, openDims, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, it } from "vitest";
import { runModel } from "../../../measure/src/ort/session.ts";
import { readOnnx } from "./read.ts";
import { meaning } from "./testing/model-file.ts";
import { writeOnnx } from "./write.ts";

const corpus = join(process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus"), "models");
const present = existsSync(corpus);

/** Sums of float32 products in another order, over up to 113 layers, relative to the largest output. */
const TOLERANCE = 1e-4;

/** What the files need that the vocabulary does not have; every other file of the corpus is read. */
const refused: Readonly<Record<string, readonly string[]>> = {
  "other-onnx/lgbm_classifier_tensor.onnx": ["ArgMax", "Less", "Not", "OneHot", "ReduceSum"],
  "other-onnx/st_ssd_mobilenet_v1_025_256.onnx": ["Tile"],
  "other-onnx/treeensembleclassifier.onnx": ["ai.onnx.ml.TreeEnsembleClassifier"],
  "other-onnx/xgboost_classifier_tree.onnx": ["ai.onnx.ml.TreeEnsembleClassifier"],
};

const files = present ? readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".onnx")).sort() : [];
const readable = files.filter((file) => refused[file] === undefined);

function load(file: string): Graph {
  const result = readOnnx(readFileSync(join(corpus, file)), { file });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  const bound = bindDims(result.value, Object.fromEntries(openDims(result.value).map((name) => [name, 1])));
  if (!bound.ok) throw new Error(JSON.stringify(bound.errors));
  return bound.value;
}

/** Numbers between 0 and 1, the same on every run. */
function feedsOf(graph: Graph): ReadonlyMap<string, Tensor> {
  return new Map(graph.inputs.map((id) => {
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    return [id, { dtype: "float32", shape, data: Float32Array.from({ length: elementCount(shape) }, (_, index) => 0.5 + 0.5 * Math.sin(index * 0.7)) }];
  }));
}

function canonical(graph: Graph): Graph {
  const result = canonicalize(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

function largestDifference(found: Tensor | undefined, expected: Tensor | undefined): number {
  expect([found?.dtype, found?.shape]).toEqual([expected?.dtype, expected?.shape]);
  const wanted = Array.from(expected?.data ?? [], Number);
  return Math.max(...wanted.map((value, index) => Math.abs(value - Number(found?.data[index])))) / Math.max(1, ...wanted.map(Math.abs));
}

describe.skipIf(!present)("real models (in the corpus: set EDGEWISE_CORPUS)", () => {
  it("there are 17, of which 13 are read", () => {
    expect([files.length, readable.length]).toEqual([17, 13]);
  });

  it.each(Object.entries(refused))("%s is refused for %j, and nothing else", (file, ops) => {
    const result = readOnnx(readFileSync(join(corpus, file)), { file });
    const errors = result.ok ? [] : result.errors;
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["OP_UNSUPPORTED"]));
    expect([...new Set(errors.map(({ found }) => found))].sort()).toEqual(ops);
  });

  it.each(readable)("%s computes as read what onnxruntime computes from the file", async (file) => {
    const graph = load(file);
    const [found, expected] = [interpret(graph, feedsOf(graph)), await runModel(readFileSync(join(corpus, file)), feedsOf(graph), "disabled")];
    for (const id of graph.outputs) expect(largestDifference(found.get(id), expected.get(id))).toBeLessThan(TOLERANCE);
  });

  it.each(readable)("%s, canonical, written and read again, says the same", (file) => {
    const graph = canonical(load(file));
    const again = readOnnx(writeOnnx(graph).model, { file });
    if (!again.ok) throw new Error(JSON.stringify(again.errors));
    expect(meaning(canonical(again.value)) === meaning(graph)).toBe(true);
  });

  it.each(readable)("%s, canonical and written, runs in onnxruntime", async (file) => {
    const graph = canonical(load(file));
    const [found, expected] = [await runModel(writeOnnx(graph).model, feedsOf(graph)), await runModel(readFileSync(join(corpus, file)), feedsOf(graph))];
    const quantized = [...graph.values.values()].some(({ quant }) => quant !== null);
    // Quantized files are not compared here: which ops are fused decides how often they round.
    for (const id of graph.outputs) if (!quantized) expect(largestDifference(found.get(id), expected.get(id))).toBeLessThan(TOLERANCE);
    expect([...found.keys()]).toEqual(graph.outputs);
  });
});
