import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { ImageInput } from "@edgewise/planner/schema";
import { calibrate, quantizeGraph } from "@edgewise/quantizer";
import { afterAll, describe, expect, test } from "vitest";
import { ortRunner } from "../ort/runner.ts";
import { type Known, cifar, corpus, evenly, folder, mnist, model, pictures, rgb, someOf, valueOrThrow } from "../testing/corpus.ts";
import { netAgreement } from "./net-agreement.ts";
import { opAgreement } from "./op-agreement.ts";
import { type StepHistogram, addHistograms, mostSteps } from "./steps.ts";

const CALIBRATION_SAMPLES = 32;

/** At most one step a node is the law; over the layers they add up: 11 steps were the most on 3000 inputs. */
const MOST_STEPS_BEFORE_SOFTMAX = 16;

/** One network's line in bench/results/onnxruntime-agreement.json; entry i of a histogram counts distances of i steps. */
interface Figures {
  readonly model: string;
  readonly samples: number;
  readonly sameBest: number;
  readonly beforeSoftmaxBySteps: StepHistogram;
  readonly nodesAloneBySteps: StepHistogram;
}

const figures: Figures[] = [];

/** EDGEWISE_FULL=1 EDGEWISE_RECORD=1 writes the figures of this machine. */
function record(): void {
  if (process.env["EDGEWISE_RECORD"] !== "1") return;
  const machine = { runtime: "onnxruntime-node 1.30.0, one thread, all optimizations", cpu: cpus()[0]?.model ?? "unknown", reference: "graph interpreter", networks: figures };
  writeFileSync(join(import.meta.dirname, "../../../../bench/results/onnxruntime-agreement.json"), `${JSON.stringify(machine, null, 2).replaceAll(/\[\s+([\d,\s]+?)\s+\]/g, (_, list: string) => `[${list.replaceAll(/\s+/g, " ")}]`)}\n`);
}

interface Case {
  readonly file: string;
  readonly samples: readonly Known[];
  /** Inputs to run; all with EDGEWISE_FULL=1. */
  readonly count: number;
  /** Of these answers at least so many are the reference's; where its two best classes are a step apart either may win. */
  readonly sameBest: number;
}

describe.skipIf(!existsSync(corpus))("int8 networks in onnxruntime beside the reference (needs the corpus)", () => {
  const runner = ortRunner("all");
  const float = ortRunner();
  afterAll(async () => {
    await runner.close();
    await float.close();
    record();
  });

  async function agrees({ file, samples: all, count, sameBest }: Case): Promise<void> {
    const graph = model(file);
    const input = graph.inputs[0] ?? "";
    const feeds = async (known: readonly Known[]): Promise<readonly ReadonlyMap<string, Awaited<ReturnType<Known["input"]>>>[]> =>
      Promise.all(known.map(async (sample) => new Map([[input, await sample.input()]])));
    const [calibration, rest] = [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
    const { ranges, means } = valueOrThrow(await calibrate({ graph, samples: await feeds(evenly(calibration, CALIBRATION_SAMPLES)), runner: float, method: "min-max" }));
    const int8 = valueOrThrow(quantizeGraph(graph, ranges, { means }));
    const samples = await feeds(someOf(rest, count));
    const ops = await opAgreement({ graph: int8, samples: samples.slice(0, 2), runner });
    expect(ops.filter(({ steps }) => mostSteps(steps) > 1)).toEqual([]);
    const net = await netAgreement({ graph: int8, samples, runner });
    figures.push({ model: file, samples: net.samples, sameBest: net.sameBest, beforeSoftmaxBySteps: net.steps, nodesAloneBySteps: ops.reduce<StepHistogram>((sum, { steps }) => addHistograms(sum, steps), []) });
    expect(net.sameBest / net.samples).toBeGreaterThanOrEqual(sameBest / count);
    expect(mostSteps(net.steps)).toBeLessThanOrEqual(MOST_STEPS_BEFORE_SOFTMAX);
  }

  test("MNIST CNN", async () => {
    await agrees({ file: "mnist-cnn/mnist_cntk.onnx", samples: mnist(), count: 200, sameBest: 199 });
  });

  test("ResNet8", async () => {
    await agrees({ file: "mlperf-ic-resnet8/pretrainedResnet.onnx", samples: cifar("cifar10-test-lossless.bin"), count: 40, sameBest: 39 });
  });

  test("visual wake words", async () => {
    const samples = await pictures(folder("vww96"), ["no_person", "person"], { contract: rgb, shape: [1, 3, 96, 96] });
    await agrees({ file: "mlperf-vww-mobilenetv1/vww_96_float.onnx", samples, count: 40, sameBest: 39 });
  });

  test("MobileNetV1 0.25/224", async () => {
    const contract: ImageInput = { ...rgb, scale: [1 / 127.5], offset: [-1], resize: { ...rgb.resize, crop: { heightPx: 224, widthPx: 224 } } };
    const labels = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
    const samples = await pictures(folder("imagenet-sample"), labels, { contract, shape: [1, 3, 224, 224] });
    await agrees({ file: "mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx", samples, count: 40, sameBest: 36 });
  }, 300_000);
});
