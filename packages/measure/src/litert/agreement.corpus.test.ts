import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StepHistogram, addHistograms, mostSteps } from "../agreement/steps.ts";
import { corpus, evenly } from "../testing/corpus.ts";
import { type Beside, type BesideSample, type FileNet, corpusFile, networkBeside, operatorsBeside, wavyFeeds } from "./testing/beside.ts";
import { feedOf, labelledNets } from "../testing/int8-corpus.ts";
import { type LitertRuntime, loadLitert } from "./runtime.ts";

const full = process.env["EDGEWISE_FULL"] === "1";

interface Case {
  /** Inputs through the whole network, and how many with EDGEWISE_FULL=1: the reference takes a second for the largest. */
  readonly inputs: number;
  readonly fullInputs: number;
  /** Answers in a hundred that may name another class: 1 unless said. */
  readonly otherPercent?: number;
}

/**
 * XNNPACK rounds a product to the nearest float and then to an integer, the reference doubles and shifts: at most one step a
 * node, but a deep network of coarse scales adds them up. TensorFlow Lite's own reference kernels name the reference's class
 * on each of 60 inputs of mobilenet_v1_0.25_128, to the byte, where XNNPACK names it on 56.
 */
const OTHER_PERCENT = 1;

/** Whole networks; those without labelled inputs in the corpus take made ones. */
const cases: Readonly<Record<string, Case>> = {
  "audio-event/miniresnet_1stacks_64x50_tl_int8.tflite": { inputs: 50, fullInputs: 200 },
  "gesture-magic-wand/quantized_model.tflite": { inputs: 125, fullInputs: 125 },
  "mlperf-ad-autoencoder/ad01_int8.tflite": { inputs: 50, fullInputs: 200 },
  "mlperf-ic-resnet8/pretrainedResnet_int8.tflite": { inputs: 50, fullInputs: 300 },
  "mlperf-ic-resnet8/pretrainedResnet_large_int8.tflite": { inputs: 25, fullInputs: 300 },
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite": { inputs: 100, fullInputs: 700 },
  "mlperf-vww-mobilenetv1/vww_96_int8.tflite": { inputs: 50, fullInputs: 600 },
  "mnist-cnn/conv_fc_mnist_srq_a8w8.tflite": { inputs: 200, fullInputs: 4500 },
  "mobilenet-imagenet/mobilenet_v1_0.25_128_quant.tflite": { inputs: 20, fullInputs: 300, otherPercent: 2 },
  "mobilenet-imagenet/mobilenet_v1_0.5_160_quant.tflite": { inputs: 10, fullInputs: 100 },
  "mobilenet-imagenet/mobilenet_v1_0.75_192_quant.tflite": { inputs: 5, fullInputs: 50 },
  "mobilenet-imagenet/mobilenet_v2_1.0_224_quant.tflite": { inputs: 4, fullInputs: 50 },
  "mobilenet-imagenet/mobilenet_v2_quantized_nchw_int8.tflite": { inputs: 4, fullInputs: 50, otherPercent: 8 },
  "mobilenet-imagenet/tf2_mobilenet_v2_1.0_224_ptq.tflite": { inputs: 4, fullInputs: 50 },
  "tflm-hello-world/hello_world_int8.tflite": { inputs: 256, fullInputs: 256 },
  "tflm-micro-speech/micro_speech_quantized.tflite": { inputs: 100, fullInputs: 200 },
};

interface Figures extends Beside {
  readonly model: string;
  readonly inputs: "labelled" | "made";
  readonly operatorsAloneBySteps: StepHistogram;
}

const figures: Figures[] = [];

/** EDGEWISE_FULL=1 EDGEWISE_RECORD=1 writes the figures of this machine. */
function record(): void {
  if (process.env["EDGEWISE_RECORD"] !== "1") return;
  const machine = { runtime: "@litertjs/core 2.5.3, XNNPACK, one thread, WebAssembly without relaxed SIMD", cpu: cpus()[0]?.model ?? "unknown", reference: "graph interpreter", networks: figures };
  writeFileSync(join(import.meta.dirname, "../../../../bench/results/litert-agreement.json"), `${JSON.stringify(machine, null, 2).replaceAll(/\[\s+([\d,\s]+?)\s+\]/g, (_, list: string) => `[${list.replaceAll(/\s+/g, " ")}]`)}\n`);
}

async function samplesOf(file: string, net: FileNet, count: number): Promise<readonly BesideSample[]> {
  const sets = labelledNets.filter((labelled) => labelled.file === file);
  if (sets.length === 0) return wavyFeeds(net.graph, count).map((feeds) => ({ feeds, label: null }));
  const all = (await Promise.all(sets.map(({ inputs }) => inputs()))).flat();
  return Promise.all(evenly(all, count).map(async ({ input, label }) => ({ feeds: feedOf(net.graph, await input()), label })));
}

describe.skipIf(!existsSync(corpus))("int8 TensorFlow Lite files on LiteRT beside the reference (needs the corpus)", () => {
  let runtime: LitertRuntime;
  beforeAll(async () => {
    runtime = await loadLitert();
  });
  afterAll(record);

  test.each(Object.entries(cases))("%s: no operator is more than one step away, and the classes agree", async (file, { inputs, fullInputs, otherPercent = OTHER_PERCENT }) => {
    const net = corpusFile(file);
    const samples = await samplesOf(file, net, full ? fullInputs : inputs);
    const alone = await operatorsBeside(net, samples[0]?.feeds ?? new Map(), runtime);
    expect(alone.length).toBe(net.operators.length);
    expect(alone.flatMap((steps, i) => mostSteps(steps) > 1 ? [{ operator: i, steps }] : [])).toEqual([]);
    const whole = await networkBeside(net, samples, runtime);
    figures.push({ model: file, inputs: whole.correct === null ? "made" : "labelled", ...whole, operatorsAloneBySteps: alone.reduce(addHistograms, [0]) });
    // Of few inputs one may stand where two classes are a step apart.
    expect(whole.samples - whole.sameBest - whole.tied).toBeLessThanOrEqual(Math.max(1, Math.floor(otherPercent * whole.samples / 100)));
  }, full ? 1_200_000 : 120_000);

  test.skipIf(!full)("of all labelled inputs together, 99 in a hundred get the same class or one level with it", () => {
    const labelled = figures.filter(({ inputs }) => inputs === "labelled");
    const total = (count: (figure: Figures) => number): number => labelled.reduce((sum, figure) => sum + count(figure), 0);
    expect(labelled.length).toBe(new Set(labelledNets.filter(({ file }) => file.endsWith(".tflite")).map(({ file }) => file)).size);
    expect(total(({ sameBest, tied }) => sameBest + tied) / total(({ samples }) => samples)).toBeGreaterThanOrEqual(0.99);
  });
});
