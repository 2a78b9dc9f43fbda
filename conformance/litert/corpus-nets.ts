import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readOnnx } from "../../packages/formats/src/onnx/index.ts";
import { readTflite } from "../../packages/formats/src/tflite/index.ts";
import { type Graph, type Result, type Tensor, bindDims, elementCount, openDims, valueOf } from "../../packages/graph/src/index.ts";
import { canonicalize } from "../../packages/graph/src/passes/index.ts";
import { type Known, cifar, corpus, evenly, folder, mnist, pictures, rgb, valueOrThrow } from "../../packages/measure/src/testing/corpus.ts";
import { feedOf, labelledNets } from "../../packages/measure/src/testing/int8-corpus.ts";

/** A network of the corpus as adapters see it. */
export interface CorpusNet {
  /** Below models/. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Batch 1, after the canonical passes. */
  readonly graph: Graph;
  /** "weights": integer weights of float layers. Such a .tflite file quantizes activations while running, as it likes. */
  readonly form: "float" | "weights" | "int8";
}

export type Feeds = ReadonlyMap<string, Tensor>;

export interface NetSample {
  readonly feeds: Feeds;
  /** Null for made inputs. */
  readonly label: number | null;
}

/** Every model file of the corpus. */
export function corpusFiles(): readonly string[] {
  return readdirSync(join(corpus, "models"), { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(tflite|onnx)$/.test(file)).sort();
}

export function readNet(file: string): Result<CorpusNet> {
  const bytes = new Uint8Array(readFileSync(join(corpus, "models", file)));
  const read = file.endsWith(".onnx") ? readOnnx(bytes, { file }) : readTflite(bytes, { file });
  if (!read.ok) return read;
  const graph = valueOrThrow(canonicalize(valueOrThrow(bindDims(read.value, Object.fromEntries(openDims(read.value).map((dim) => [dim, 1]))))));
  const facts = [...graph.values.values()].filter(({ quant }) => quant !== null);
  const form = facts.length === 0 ? "float" : facts.every(({ constant }) => constant !== null) ? "weights" : "int8";
  return { ok: true, value: { file, bytes, graph, form }, warnings: [] };
}

export const net = (file: string): CorpusNet => valueOrThrow(readNet(file));

function sameAs(file: string): () => Promise<readonly Known[]> {
  return async () => (await Promise.all(labelledNets.filter((each) => each.file === file).map(({ inputs }) => inputs()))).flat();
}

function gestures(): Promise<readonly Known[]> {
  return sameAs("gesture-magic-wand/quantized_model.tflite")();
}

const small = (): Promise<readonly Known[]> => Promise.resolve(cifar("cifar10-test-lossless.bin"));
const persons = (): Promise<readonly Known[]> => pictures(folder("vww96"), ["no_person", "person"], { contract: rgb, shape: [1, 3, 96, 96] });
const digits = (): Promise<readonly Known[]> => Promise.resolve(mnist());

function pictures224(): Promise<readonly Known[]> {
  const contract = { ...rgb, scale: [1 / 127.5], offset: [-1], resize: { ...rgb.resize, crop: { heightPx: 224, widthPx: 224 } } };
  return pictures(folder("imagenet-sample"), Array.from({ length: 1000 }, (_, i) => `class ${i}`), { contract, shape: [1, 3, 224, 224] });
}

/** Labelled float networks; the int8 ones stand in `labelledNets`. */
const floats: Readonly<Record<string, () => Promise<readonly Known[]>>> = {
  "gesture-magic-wand/model.onnx": gestures, "gesture-magic-wand/model.tflite": gestures,
  "mlperf-ic-resnet8/pretrainedResnet.onnx": small, "mlperf-ic-resnet8/pretrainedResnet_float.tflite": small, "mlperf-ic-resnet8/pretrainedResnet_large_float.tflite": small,
  "mlperf-kws-dscnn/kws_ref_model_float32.tflite": sameAs("mlperf-kws-dscnn/kws_ref_model_int8.tflite"),
  "mlperf-vww-mobilenetv1/vww_96_float.onnx": persons, "mlperf-vww-mobilenetv1/vww_96_float.tflite": persons,
  "mnist-cnn/conv_fc_mnist_float.tflite": digits, "mnist-cnn/mnist_cntk.onnx": digits, "mnist-cnn/mnist_cntk_optimised.onnx": digits,
  "mnist-cnn/mnist_mlp_pytorch.onnx": digits, "mnist-cnn/mnist_quantized_weights_only.tflite": digits,
  "mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx": pictures224,
};

/** All labelled inputs of a network; empty where the corpus has none. */
export async function labelledInputs(file: string): Promise<readonly Known[]> {
  return (floats[file] ?? sameAs(file))();
}

/** `count` inputs, evenly out of the labelled ones; made ones where there are none. */
export async function samplesOf({ file, graph }: CorpusNet, count: number): Promise<readonly NetSample[]> {
  const known = evenly(await labelledInputs(file), count);
  if (known.length === 0) return madeFeeds(graph, count).map((feeds) => ({ feeds, label: null }));
  return Promise.all(known.map(async ({ input, label }) => ({ feeds: realFeed(graph, await input()), label })));
}

/** A labelled input as a graph takes it. */
export function realFeed(graph: Graph, real: Tensor): Feeds {
  return feedOf(graph, ordered(graph, real));
}

/** Windows [1, T, C] as [1, C, T] where the graph has them so. */
function ordered(graph: Graph, real: Tensor): Tensor {
  const shape = (valueOf(graph, graph.inputs[0] ?? "").shape ?? []).map(Number);
  const [, rows = 1, columns = 1] = real.shape;
  if (real.shape.length !== 3 || shape[1] !== columns || shape[2] !== rows || rows === columns) return real;
  return { ...real, shape, data: Float32Array.from({ length: rows * columns }, (_, i) => Number(real.data[(i % rows) * columns + Math.floor(i / rows)])) };
}

/** Inputs that change slowly, as pictures and spectra do, with noise on them: 0 to 1 for floats, the whole range for int8. */
export function madeFeeds(graph: Graph, count: number): readonly Feeds[] {
  let state = 1;
  const noise = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % 65 - 32;
  };
  return Array.from({ length: count }, (_, sample) => new Map(graph.inputs.map((id): [string, Tensor] => {
    const { dtype, shape: dims } = valueOf(graph, id);
    const shape = (dims ?? []).map(Number);
    const stored = Int8Array.from({ length: elementCount(shape) }, (_element, i) => Math.max(-128, Math.min(127, Math.round(100 * Math.sin(sample + i / (5 + sample % 41))) + noise())));
    return [id, dtype === "int8" ? { dtype, shape, data: stored } : { dtype: "float32", shape, data: Float32Array.from(stored, (x) => (x + 128) / 255) }];
  })));
}
