import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readTflite, tfliteValueIds } from "@edgewise/formats/tflite";
import { type Graph, type Tensor, interpret, valueOf } from "@edgewise/graph";
import { describe, expect, test } from "vitest";
import { type StepHistogram, addHistograms, mostSteps, stepHistogram } from "../agreement/steps.ts";
import { corpus, valueOrThrow } from "../testing/corpus.ts";
import { openLitert } from "./model.ts";
import { loadLitert } from "./runtime.ts";
import { operatorsOf, withOperator } from "./testing/cut-file.ts";

const files: readonly string[] = [
  "audio-event/miniresnet_1stacks_64x50_tl_int8.tflite",
  "gesture-magic-wand/quantized_model.tflite",
  "mlperf-ad-autoencoder/ad01_int8.tflite",
  "mlperf-ic-resnet8/pretrainedResnet_int8.tflite",
  "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite",
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite",
  "mlperf-vww-mobilenetv1/vww_96_int8.tflite",
  "mnist-cnn/conv_fc_mnist_srq_a8w8.tflite",
  "mobilenet-imagenet/mobilenet_v1_0.25_128_quant.tflite",
  "mobilenet-imagenet/mobilenet_v1_0.5_160_quant.tflite",
  "mobilenet-imagenet/mobilenet_v1_0.75_192_quant.tflite",
  "mobilenet-imagenet/mobilenet_v2_1.0_224_quant.tflite",
  "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite",
  "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite",
  "tflm-hello-world/hello_world_int8.tflite",
  "tflm-micro-speech/micro_speech_quantized.tflite",
];

/** Stored integers as the reader holds them: uint8 ones less 128. */
function asRead({ dtype, shape, data }: Tensor): Tensor {
  return dtype === "uint8" ? { dtype: "int8", shape, data: Int8Array.from(data as Uint8Array, (x) => x - 128) } : { dtype, shape, data };
}

function asFiled({ shape, data }: Tensor, dtype: Tensor["dtype"]): Tensor {
  return dtype === "uint8" ? { dtype, shape, data: Uint8Array.from(data as Int8Array, (x) => x + 128) } : { dtype, shape, data };
}

/** A whole-range input that changes slowly, as pictures do, with noise on it. */
function picture(graph: Graph): Tensor {
  const shape = (valueOf(graph, graph.inputs[0] ?? "").shape ?? []).map(Number);
  let state = 99;
  return { dtype: "int8", shape, data: Int8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.max(-128, Math.min(127, Math.round(90 * Math.sin(i / 37) + (state >>> 24) / 4 - 32)));
  }) };
}

describe.skipIf(!existsSync(corpus))("TensorFlow Lite files on LiteRT beside the reference (needs the corpus)", async () => {
  if (!existsSync(corpus)) return;
  const runtime = await loadLitert();
  test.each(files)("%s, every operator alone on the reference's integers: at most one step", async (file) => {
    const bytes = new Uint8Array(readFileSync(join(corpus, "models", file)));
    const graph = valueOrThrow(readTflite(bytes, { file }));
    const ids = tfliteValueIds(bytes);
    const operators = operatorsOf(bytes);
    const idOf = (tensor: number): string => ids[tensor] ?? "";
    const fetch = [...new Set(operators.flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map(idOf)))];
    const values = interpret(graph, new Map([[graph.inputs[0] ?? "", picture(graph)]]), { fetch });
    const byCode = new Map<string, StepHistogram>();
    for (const operator of operators) {
      const model = await openLitert(withOperator(bytes, operator), runtime);
      const given = operator.inputs.map((input, i) => asFiled(values.get(idOf(input))!, model.inputs[i]!.dtype));
      const answers = await model.run(given);
      model.close();
      for (const [i, output] of operator.outputs.entries()) {
        const steps = stepHistogram(values.get(idOf(output))!, asRead(answers[i]!));
        const key = `${operator.index}:${operator.code}`;
        if (mostSteps(steps) > 0) byCode.set(key, addHistograms(byCode.get(key) ?? [], steps));
      }
    }
    console.log(file, operators.length, JSON.stringify([...byCode]));
  }, 120_000);
});
