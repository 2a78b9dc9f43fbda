import { existsSync, readFileSync } from "node:fs";
import type { Bundle } from "@edgewise/adapter";
import { readTflite } from "@edgewise/formats/tflite";
import type { Graph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph } from "@edgewise/quantizer";
import { emit } from "../emit.ts";
import { selfTestVectors } from "../emit/golden.ts";
import type { KernelSet } from "../isa/specialize.ts";
import { lowerGraph } from "../lower.ts";
import { corpus, corpusGraph } from "./corpus.ts";
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

/** What TensorFlow Lite Micro's reference kernels give, kept beside the corpus: <name>_in<k>.bin, <name>_out<k>.bin, k = 0..7. */
const goldenFolder = `${corpus}/../mcu/golden`;

export const goldenPresent: boolean = existsSync(goldenFolder);

/** The int8 network of MLPerf Tiny itself. Its input and output are int8, in the order of the file. */
async function original(path: string, name: string): Promise<MlperfCase> {
  const read = valueOrThrow(readTflite(new Uint8Array(readFileSync(`${corpus}/models/${path}`)), { file: path }));
  const graph = valueOrThrow(quantizeGraph(valueOrThrow(canonicalize(read)), {}));
  const golden = (port: string): Int8Array => new Int8Array(readFileSync(`${goldenFolder}/${name}_${port}.bin`));
  return { graph, pairs: (count) => Array.from({ length: count }, (_, k) => ({ input: golden(`in${k}`), output: golden(`out${k}`) })) };
}

const SEED = 5;

/** Made by others from the same networks, with weights of their own: the reference interpreter gives the answers. */
async function twin(path: string): Promise<MlperfCase> {
  const graph = valueOrThrow(quantizeGraph(await corpusGraph(path), {}));
  const { program } = lowerGraph(graph, "portable");
  return { graph, pairs: (count) => valueOrThrow(selfTestVectors(goldenVectors(graph, SEED, count), valueOrThrow(program))) };
}

/** By file name: the networks whose golden bytes are kept. */
export const originals: Readonly<Record<string, () => Promise<MlperfCase>>> = {
  "kws_ref_model_int8.tflite": () => original("mlperf-kws-dscnn/kws_ref_model_int8.tflite", "kws_ref_model"),
  "pretrainedResnet_int8.tflite": () => original("mlperf-ic-resnet8/pretrainedResnet_int8.tflite", "pretrainedResnet_quant"),
  "vww_96_int8.tflite": () => original("mlperf-vww-mobilenetv1/vww_96_int8.tflite", "vww_96_int8"),
  "ad01_int8.tflite": () => original("mlperf-ad-autoencoder/ad01_int8.tflite", "ad01_int8"),
};

/** By file name: the same networks as others quantized them, without golden bytes. */
const twins: Readonly<Record<string, () => Promise<MlperfCase>>> = {
  "kws_ref_model_qdq.onnx": () => twin("mlperf-kws-dscnn/kws_ref_model_qdq.onnx"),
  "resnet_qdq.onnx": () => twin("mlperf-ic-resnet8/resnet_qdq.onnx"),
  "mobilenet_v1_qdq.onnx": () => twin("mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx"),
  "deep_autoencoder_qdq.onnx": () => twin("mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx"),
};

/** All of them, by file name. */
export const mlperf: Readonly<Record<string, () => Promise<MlperfCase>>> = { ...originals, ...twins };

/** The library of an int8 graph for an instruction set, without a self-test: the caller compares. */
export async function libraryOf(graph: Graph, isa: string, backend: KernelSet): Promise<Bundle> {
  return valueOrThrow(await emit(emitInput({ graph, quantized: graph, golden: [], isa, backend })));
}
