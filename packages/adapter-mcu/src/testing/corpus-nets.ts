import { readFileSync } from "node:fs";
import { readTflite } from "@edgewise/formats/tflite";
import { type Graph, type Tensor, elementCount, prepareInterpreter, valueOf } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph } from "@edgewise/quantizer";
import { selfTestVectors } from "../emit/golden.ts";
import { lowerGraph } from "../lower.ts";
import { corpus, corpusGraph } from "./corpus.ts";
import type { Pair } from "./mlperf.ts";
import { randomNumbers, valueOrThrow } from "./quantized-case.ts";

/** An int8 network of the corpus, as the planner takes it: a file that is int8 already goes through the quantizer untouched. */
export async function corpusNet(path: string): Promise<Graph> {
  if (path.endsWith(".onnx")) return valueOrThrow(quantizeGraph(await corpusGraph(path), {}));
  const read = valueOrThrow(readTflite(new Uint8Array(readFileSync(`${corpus}/models/${path}`)), { file: path }));
  return valueOrThrow(quantizeGraph(valueOrThrow(canonicalize(read)), {}));
}

/**
 * Inputs from a seed, over the whole int8 range, and what the reference interpreter answers, both as the C holds them. One
 * interpreter runs them all.
 */
export function interpretedPairs(graph: Graph, { seed, count }: { readonly seed: number; readonly count: number }): readonly Pair[] {
  const program = valueOrThrow(lowerGraph(graph, "portable").program);
  const run = prepareInterpreter(graph);
  const next = randomNumbers(seed);
  const golden = Array.from({ length: count }, (_, i) => {
    const feed = randomFeed(graph, next);
    const answer = run(new Map([[graph.inputs[0] ?? "", feed]])).get(graph.outputs[0] ?? "");
    if (answer === undefined) throw new Error("the output was not computed");
    return { name: `random-${i}`, raw: { kind: "tensor" as const, bytes: bytesOf(feed) }, input: bytesOf(feed), output: bytesOf(answer) };
  });
  return valueOrThrow(selfTestVectors(golden, program));
}

/** A float input takes numbers that fall on every step of its quantization, and some outside. */
function randomFeed(graph: Graph, next: (limit: number) => number): Tensor {
  const id = graph.inputs[0] ?? "";
  const { dtype, shape: dims } = valueOf(graph, id);
  const shape = (dims ?? []).map(Number);
  const length = elementCount(shape);
  if (dtype === "int8") return { dtype, shape, data: Int8Array.from({ length }, () => next(256) - 128) };
  const { scale, zero } = inputSteps(graph, id);
  return { dtype: "float32", shape, data: Float32Array.from({ length }, () => scale * (next(260) - 130 - zero)) };
}

function inputSteps(graph: Graph, id: string): { readonly scale: number; readonly zero: number } {
  const stored = graph.nodes.find(({ op, inputs }) => op === "Quantize" && inputs[0] === id)?.outputs[0];
  const quant = stored === undefined ? null : valueOf(graph, stored).quant;
  if (quant === null) throw new Error(`${id} is quantized at once`);
  return { scale: quant.scale[0] ?? 1, zero: quant.zeroPoint[0] ?? 0 };
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
}
