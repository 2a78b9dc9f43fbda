import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeTflite, lowerToTflite } from "../../packages/formats/src/tflite/index.ts";
import { type Graph, type Tensor, interpret, invariant, valueOf, verifyGraph } from "../../packages/graph/src/index.ts";
import { quantizeTensor } from "../../packages/graph/src/ops/index.ts";
import { corpus, valueOrThrow } from "../../packages/measure/src/testing/corpus.ts";
import { calibrate, interpreterRunner, quantizeInt16x8 } from "../../packages/quantizer/src/index.ts";
import { type Int16Case, type Operand, bytesOf, cases, graphOf } from "../int16-vectors/cases.ts";
import { net, samplesOf } from "./corpus-nets.ts";
import { type Kernels, judgePresent, startJudge } from "./judge.ts";

const vectorFile = join(import.meta.dirname, "../int16-vectors/vectors.json");

/** Weights keep 8 bits: what they lose shows in the outputs, relative to the largest of them. */
const WEIGHT_ERROR = 0.02;

/** Optimized curves of scales that are powers of two are computed, not read from the table. */
const OPTIMIZED_CURVE_STEPS = 8;

const nets = ["tflm-hello-world/hello_world_float.tflite", "mlperf-kws-dscnn/kws_ref_model_float32.tflite", "mlperf-ad-autoencoder/ad01_fp32.tflite", "mlperf-ic-resnet8/pretrainedResnet_float.tflite", "mlperf-vww-mobilenetv1/vww_96_float.tflite", "mnist-cnn/mnist_cntk.onnx"] as const;
const present = judgePresent && existsSync(join(corpus, "models"));

describe.skipIf(!judgePresent)("LiteRT's int16 answers", () => {
  const judge = judgePresent ? startJudge() : null;
  afterAll(() => judge?.close());

  async function answerOf(graph: Graph, fed: readonly Tensor[], kernels: Kernels): Promise<Int16Array> {
    invariant(judge !== null, "the judge is there");
    const lowered = lowerToTflite(graph, { pictures: "as-graph" });
    if (!lowered.ok) throw new Error(JSON.stringify(lowered.errors));
    const model = await judge.open(encodeTflite(lowered.value.program), { kernels });
    const [y] = await model.run(fed);
    await model.close();
    return Int16Array.from(y?.data ?? [], Number);
  }

  it("are the committed vectors; without the reference kernels they are the same, curves of powers of two within 8 steps", async () => {
    const written: string[] = [];
    for (const item of cases) {
      const fed = item.inputs.filter((input): input is Operand => input !== null && !input.constant).map(tensorOf);
      const reference = await answerOf(graphOf(item), fed, "reference");
      const optimized = await answerOf(graphOf(item), fed, "xnnpack");
      const apart = Math.max(...reference.map((y, i) => Math.abs(y - (optimized[i] ?? NaN))));
      expect(apart, item.name).toBeLessThanOrEqual(item.name.endsWith("of a power of two") ? OPTIMIZED_CURVE_STEPS : 0);
      written.push(JSON.stringify(vectorOf(item, bytesOf({ dtype: "int16", data: Array.from(reference) }))));
    }
    await expect(`[\n${written.join(",\n")}\n]\n`).toMatchFileSnapshot(vectorFile);
  });

  it.each(["Sigmoid", "Tanh"] as const)("are those of our %s for every stored number", async (op) => {
    const all = Int16Array.from({ length: 2 ** 16 }, (_, i) => i - 2 ** 15);
    for (const scale of [0.0003, 0.000_05, 0.004, 2 ** -12]) {
      const item: Int16Case = {
        name: op, op, attrs: {}, output: { shape: [1, all.length], scale: 2 ** -15 },
        inputs: [{ dtype: "int16", shape: [1, all.length], scale: [Math.fround(scale)], axis: null, data: Array.from(all), constant: false }],
      };
      const graph = graphOf(item);
      const x: Tensor = { dtype: "int16", shape: [1, all.length], data: all };
      const ours = interpret(graph, new Map([["x0", x]])).get("y");
      expect(ours?.data).toEqual(await answerOf(graph, [x], "reference"));
    }
  });
});

describe.skipIf(!present)("networks of int16 activations on LiteRT", () => {
  const judge = present ? startJudge() : null;
  afterAll(() => judge?.close());

  it.each(nets)("%s: every stored number of the result is ours, and the answer stays by the float one", async (file) => {
    invariant(judge !== null, "the judge is there");
    const { graph } = net(file);
    const samples = await samplesOf(net(file), 6);
    const calibration = valueOrThrow(await calibrate({ graph, samples: samples.map(({ feeds }) => feeds), runner: interpreterRunner(), method: "min-max" }));
    const integer = valueOrThrow(quantizeInt16x8(graph, calibration.ranges, { means: calibration.means, borders: "int16" }));
    expect(verifyGraph(integer)).toEqual([]);
    const model = await judge.open(encodeTflite(valueOrThrow(lowerToTflite(integer, { pictures: "as-graph" })).program), { kernels: "reference" });
    const [input = "", output = ""] = [integer.inputs[0], integer.outputs[0]];
    for (const { feeds } of samples.slice(0, 2)) {
      const fact = valueOf(integer, input).quant;
      const real = feeds.get(input);
      invariant(fact !== null && real !== undefined, "an input with a fact");
      const x = quantizeTensor(real, fact, "int16");
      const ours = interpret(integer, new Map([[input, x]])).get(output);
      const [theirs] = await model.run([x]);
      expect(theirs?.data).toEqual(ours?.data);
      const wanted = Array.from(interpret(graph, feeds).get(output)?.data ?? [], Number);
      const scale = valueOf(integer, output).quant?.scale[0] ?? NaN;
      const error = wanted.map((y, i) => Math.abs(y - scale * Number(ours?.data[i])));
      const largest = Math.max(...wanted.map((y) => Math.abs(y)));
      process.stdout.write(`${file}: largest error ${(Math.max(...error) / largest).toExponential(1)} of the largest output\n`);
      expect(Math.max(...error) / largest).toBeLessThan(WEIGHT_ERROR);
    }
    await model.close();
  }, 120_000);
});

function tensorOf({ shape, data }: Operand): Tensor {
  return { dtype: "int16", shape, data: Int16Array.from(data) };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The layer and LiteRT's answer, as `packages/graph/src/int16/reference.test.ts` reads them. */
function vectorOf({ name, op, attrs, inputs, output }: Int16Case, answer: Uint8Array): unknown {
  const operand = (input: Operand): unknown => ({ shape: input.shape, dtype: input.dtype, data: hex(bytesOf(input)), scale: input.scale, axis: input.axis });
  return { name, op, attrs, inputs: inputs.map((input) => input && operand(input)), output: { shape: output.shape, dtype: "int16", data: hex(answer), scale: [output.scale], axis: null } };
}
