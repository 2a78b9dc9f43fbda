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
export interface Pair {
  readonly input: Int8Array;
  readonly output: Int8Array;
}

/** An int8 network of MLPerf Tiny, and `count` pairs that its C must give. */
export interface MlperfCase {
  readonly graph: Graph;
  readonly pairs: (count: number) => readonly Pair[];
}

const SEED = 5;

/** Made by others from the same networks, with weights of their own: the reference interpreter gives the answers. */
async function twin(path: string): Promise<MlperfCase> {
  const graph = valueOrThrow(quantizeGraph(await corpusGraph(path), {}));
  const { program } = lowerGraph(graph, "portable");
  return { graph, pairs: (count) => valueOrThrow(selfTestVectors(goldenVectors(graph, SEED, count), valueOrThrow(program))) };
}

/** By file name. */
export const mlperf: Readonly<Record<string, () => Promise<MlperfCase>>> = {
  "kws_ref_model_qdq.onnx": () => twin("mlperf-kws-dscnn/kws_ref_model_qdq.onnx"),
  "resnet_qdq.onnx": () => twin("mlperf-ic-resnet8/resnet_qdq.onnx"),
  "mobilenet_v1_qdq.onnx": () => twin("mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx"),
  "deep_autoencoder_qdq.onnx": () => twin("mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx"),
};

/** The library of an int8 graph for an instruction set, without a self-test: the caller compares. */
export async function libraryOf(graph: Graph, isa: string, backend: KernelSet): Promise<Bundle> {
  return valueOrThrow(await emit(emitInput({ graph, quantized: graph, golden: [], isa, backend })));
}
