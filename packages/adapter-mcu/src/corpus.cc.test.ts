import { existsSync, readdirSync } from "node:fs";
import { buildHost, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { corpus, corpusPresent } from "./testing/corpus.ts";
import { corpusNet, interpretedPairs } from "./testing/corpus-nets.ts";
import { libraryOf } from "./testing/mlperf.ts";
import { streamMain } from "./testing/stream-main.ts";

const compiler = await runProcess("gcc", ["--version"]).then(({ code }) => code === 0, () => false);
const missing = [...(compiler ? [] : ["gcc"]), ...(corpusPresent ? [] : ["the corpus: set EDGEWISE_CORPUS"])];

/** Inputs of every network; networks of hundreds of millions of products take the interpreter seconds an input, and get fewer. */
const INPUTS = 50;
const SEED = Number(process.env["EDGEWISE_CORPUS_SEED"] ?? 1);
/** EDGEWISE_CORPUS_INPUTS=50 gives the large ones as many as the others. */
const LARGE_INPUTS = Number(process.env["EDGEWISE_CORPUS_INPUTS"] ?? 1);

const both: readonly KernelSet[] = ["portable", "dsp"];
const all: readonly KernelSet[] = ["portable", "thumb", "dsp"];
const dsp: readonly KernelSet[] = ["dsp"];

interface Taken {
  readonly families: readonly KernelSet[];
  readonly inputs: number;
}

/** Every int8 network that is read, with the kernels it is tried on. */
const taken: Readonly<Record<string, Taken>> = {
  "audio-event/miniresnet_1stacks_64x50_tl_int8.tflite": { families: both, inputs: INPUTS },
  "gesture-magic-wand/quantized_model.tflite": { families: all, inputs: INPUTS },
  "mlperf-ad-autoencoder/ad01_int8.tflite": { families: dsp, inputs: INPUTS },
  "mlperf-ad-autoencoder/deep_autoencoder_qdq.onnx": { families: dsp, inputs: INPUTS },
  "mlperf-ic-resnet8/pretrainedResnet_int8.tflite": { families: dsp, inputs: INPUTS },
  "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite": { families: dsp, inputs: INPUTS },
  "mlperf-ic-resnet8/resnet_qdq.onnx": { families: dsp, inputs: INPUTS },
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite": { families: dsp, inputs: INPUTS },
  "mlperf-kws-dscnn/kws_ref_model_qdq.onnx": { families: dsp, inputs: INPUTS },
  "mlperf-vww-mobilenetv1/mobilenet_v1_qdq.onnx": { families: dsp, inputs: INPUTS },
  "mlperf-vww-mobilenetv1/vww_96_int8.tflite": { families: dsp, inputs: INPUTS },
  "mnist-cnn/conv_fc_mnist_srq_a8w8.tflite": { families: all, inputs: INPUTS },
  "mobilenet-imagenet/mobilenet_v1_0.25_128_quant.tflite": { families: dsp, inputs: INPUTS },
  "mobilenet-imagenet/mobilenet_v1_0.5_160_quant.tflite": { families: dsp, inputs: LARGE_INPUTS },
  "mobilenet-imagenet/mobilenet_v1_0.75_192_quant.tflite": { families: dsp, inputs: LARGE_INPUTS },
  "mobilenet-imagenet/mobilenet_v2_1.0_224_quant.tflite": { families: dsp, inputs: LARGE_INPUTS },
  "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite": { families: dsp, inputs: LARGE_INPUTS },
  "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite": { families: dsp, inputs: LARGE_INPUTS },
  "tflm-hello-world/hello_world_int8.tflite": { families: all, inputs: INPUTS },
  "tflm-micro-speech/micro_speech_quantized.tflite": { families: all, inputs: INPUTS },
  "tflm-person-detect/person_detect.tflite": { families: both, inputs: INPUTS },
};

/** Int8 files that the reader already refuses for an operator, as its own tests say. */
const unread: readonly string[] = ["segmentation/deeplabv3_mnv2_dm05_pascal_quant.tflite", "tflm-micro-speech/audio_preprocessor_int8.tflite"];

const models = `${corpus}/models`;
const present = existsSync(models) ? readdirSync(models, { recursive: true, encoding: "utf8" }).filter((file) => /(int8|quant|quantized|quantized_model|ptq|a8w8|person_detect)\.tflite$|_qdq\.onnx$/.test(file)).sort() : [];
const isa: Readonly<Record<KernelSet, string>> = { portable: "armv7e-m", dsp: "armv7e-m", thumb: "armv6-m" };

describe.skipIf(missing.length > 0)(`int8 networks of the corpus in C on this machine${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`, () => {
  test("are all accounted for", () => {
    expect([...Object.keys(taken), ...unread].sort()).toEqual(present);
  });

  test.each(Object.entries(taken))("%s gives the interpreter's bytes", async (file, { families, inputs }) => {
    const graph = await corpusNet(file);
    const pairs = interpretedPairs(graph, { seed: SEED, count: inputs });
    const stdin = Buffer.concat(pairs.map(({ input }) => Buffer.from(input.buffer)));
    const wanted = Buffer.concat(pairs.map(({ output }) => Buffer.from(output.buffer)));
    for (const family of families) {
      const program = await buildHost({ files: [...(await libraryOf(graph, isa[family], family)).files, streamMain], compiler: "gcc" });
      const { code, stdout } = await program.run({ stdin });
      await program.remove();
      expect([family, code]).toEqual([family, 0]);
      expect([family, wanted.equals(stdout)]).toEqual([family, true]);
    }
  }, 300_000);
});
