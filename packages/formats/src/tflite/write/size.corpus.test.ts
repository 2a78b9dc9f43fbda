import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalize } from "@edgewise/graph/passes";
import { describe, expect, it } from "vitest";
import { lowerToTflite } from "../lower/lower.ts";
import { readTflite } from "../read.ts";
import { encodeTflite } from "./encode.ts";

const corpus = join(process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../../shared/corpus"), "models");

const int8Files = [
  "audio-event/miniresnet_1stacks_64x50_tl_int8.tflite",
  "gesture-magic-wand/quantized_model.tflite",
  "mlperf-ad-autoencoder/ad01_int8.tflite",
  "mlperf-ic-resnet8/pretrainedResnet_int8.tflite",
  "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite",
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite",
  "mlperf-vww-mobilenetv1/vww_96_int8.tflite",
  "mnist-cnn/conv_fc_mnist_srq_a8w8.tflite",
  "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite",
  "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite",
  "tflm-hello-world/hello_world_int8.tflite",
  "tflm-micro-speech/micro_speech_quantized.tflite",
  "tflm-person-detect/person_detect.tflite",
] as const;

const floatFiles = [
  "gesture-magic-wand/model.tflite",
  "mlperf-ad-autoencoder/ad01_fp32.tflite",
  "mlperf-ic-resnet8/pretrainedResnet_float.tflite",
  "mlperf-kws-dscnn/kws_ref_model_float32.tflite",
  "mlperf-vww-mobilenetv1/vww_96_float.tflite",
  "tflm-hello-world/hello_world_float.tflite",
] as const;

describe.skipIf(!existsSync(corpus))("the size of a written file", () => {
  it.each([...int8Files, ...floatFiles])("%s: no larger than the corpus' own, names included", (file) => {
    const bytes = readFileSync(join(corpus, file));
    const read = readTflite(bytes, { file });
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    const graph = canonicalize(read.value);
    if (!graph.ok) throw new Error(JSON.stringify(graph.errors));
    const lowered = lowerToTflite(graph.value);
    if (!lowered.ok) throw new Error(JSON.stringify(lowered.errors));
    const { program } = lowered.value;
    const written = encodeTflite(program);
    const bare = encodeTflite(program, { innerNames: "omit" });
    process.stdout.write(`${file}: ${bytes.length} bytes, written anew ${written.length}, without inner names ${bare.length}\n`);
    expect(written.length).toBeLessThanOrEqual(bytes.length);
    expect(bare.length).toBeLessThanOrEqual(written.length);
    expect(readTflite(written, { file }).ok).toBe(true);
    expect(readTflite(bare, { file }).ok).toBe(true);
  });
});
