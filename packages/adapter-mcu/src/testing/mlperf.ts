import type { Bundle } from "@edgewise/adapter";
import type { Graph } from "@edgewise/graph";
import { quantizeGraph } from "@edgewise/quantizer";
import { emit } from "../emit.ts";
import { selfTestVectors } from "../emit/golden.ts";
import type { KernelSet } from "../isa/specialize.ts";
import { lowerGraph } from "../lower.ts";
import { corpusGraph } from "./corpus.ts";
import { emitInput, goldenVectors, valueOrThrow } from "./quantized-case.ts";

/** Bytes that go into a network's C and must come out of it. */
export interface GoldenPair {
  readonly input: Int8Array;
  readonly output: Int8Array;
}

/** The int8 networks of MLPerf Tiny, by the name under which their golden bytes are kept. */
export const mlperf: Readonly<Record<string, string>> = {
  kws_ref_model: "mlperf-kws-dscnn/kws_ref_model_qdq.onnx",
  pretrainedResnet_quant: "mlperf-ic-resnet8/resnet_qdq.onnx",
  vww_96_int8: "mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx",
  ad01_int8: "mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx",
};

export async function mlperfGraph(name: string): Promise<Graph> {
  return valueOrThrow(quantizeGraph(await corpusGraph(mlperf[name] ?? ""), {}));
}

/** Interpreter. */
export function goldenPairs(graph: Graph, count: number): readonly GoldenPair[] {
  const vectors = goldenVectors(graph, 5, count);
  return valueOrThrow(selfTestVectors(vectors, valueOrThrow(lowerGraph(graph, "portable").program)));
}

/** The library of an int8 graph for an instruction set, without a self-test: the caller compares. */
export async function libraryOf(graph: Graph, isa: string, backend: KernelSet): Promise<Bundle> {
  return valueOrThrow(await emit(emitInput({ graph, quantized: graph, golden: [], isa, backend })));
}
