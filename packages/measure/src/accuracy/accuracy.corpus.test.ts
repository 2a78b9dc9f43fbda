import { existsSync } from "node:fs";
import { valueOf } from "@edgewise/graph";
import type { ImageInput, LabelsOutput } from "@edgewise/planner/schema";
import { afterAll, describe, expect, test } from "vitest";
import { ortRunner } from "../ort/runner.ts";
import { type Known, cifar, corpus, folder, mnist, model, pictures, rgb } from "../testing/corpus.ts";
import { evaluateAccuracy } from "./evaluate.ts";

/** The index was measured with another decoder and other rounding of sums; the same inputs may differ in one sample. */
const SAMPLES_APART = 1;

function labelsOf(count: number): LabelsOutput {
  return { kind: "labels", labels: Array.from({ length: count }, (_, i) => `class ${i}`), labelOffset: 0, softmax: false, topK: 1 };
}

describe.skipIf(!existsSync(corpus))("float accuracy of real models, through the canonical passes and the writer (needs the corpus)", () => {
  const runner = ortRunner("all");
  afterAll(() => runner.close());

  async function right(file: string, samples: readonly Known[], classes: number): Promise<number> {
    const graph = model(file);
    const [input = "", output = ""] = [graph.inputs[0], graph.outputs[0]];
    const shape = (valueOf(graph, input).shape ?? []).map(Number);
    const result = await evaluateAccuracy({
      samples, metric: "top1", output: labelsOf(classes), reference: null, target: null, decides: null, deadline: () => false,
      predict: async (sample) => (await runner.run(graph, new Map([[input, { ...await sample.input(), shape }]]), [output])).get(output)!,
    });
    expect(result).toMatchObject({ complete: true, samples: samples.length });
    return result.correct!;
  }

  test("MNIST CNN: 4460 of 4500", async () => {
    const samples = mnist();
    expect(samples).toHaveLength(4500);
    expect(Math.abs(await right("mnist-cnn/mnist_cntk.onnx", samples, 10) - 4460)).toBeLessThanOrEqual(SAMPLES_APART);
  });

  test("ResNet8: 269 of 300 original pictures, 1513 of 2000 from JPEG", async () => {
    expect(Math.abs(await right("mlperf-ic-resnet8/pretrainedResnet.onnx", cifar("cifar10-test-lossless.bin"), 10) - 269)).toBeLessThanOrEqual(SAMPLES_APART);
    expect(Math.abs(await right("mlperf-ic-resnet8/pretrainedResnet.onnx", cifar("cifar10-test-jpegsrc.bin"), 10) - 1513)).toBeLessThanOrEqual(SAMPLES_APART);
  });

  test("visual wake words: 505 of 600, from class folders", async () => {
    const samples = await pictures(folder("vww96"), ["no_person", "person"], { contract: rgb, shape: [1, 3, 96, 96] });
    expect(samples).toHaveLength(600);
    expect(Math.abs(await right("mlperf-vww-mobilenetv1/vww_96_float.onnx", samples, 2) - 505)).toBeLessThanOrEqual(SAMPLES_APART);
  });

  test("MobileNetV1 0.25/224: 349 of 600, from a manifest of JPEG files with a centre crop", async () => {
    const contract: ImageInput = { ...rgb, scale: [1 / 127.5], offset: [-1], resize: { ...rgb.resize, crop: { heightPx: 224, widthPx: 224 } } };
    const samples = await pictures(folder("imagenet-sample"), labelsOf(1000).labels, { contract, shape: [1, 3, 224, 224] });
    expect(samples).toHaveLength(600);
    expect(Math.abs(await right("mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx", samples, 1000) - 349)).toBeLessThanOrEqual(SAMPLES_APART);
  }, 120_000);
});
