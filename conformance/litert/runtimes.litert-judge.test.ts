import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mostSteps, runProcess } from "../../packages/measure/src/index.ts";
import { net } from "./corpus-nets.ts";
import { type Judge, judgePresent, startJudge } from "./judge.ts";
import { type RuntimeRow, type Side, runtimeRow } from "./runtimes.ts";

const full = process.env["EDGEWISE_FULL"] === "1";
const compiler = await runProcess("gcc", ["--version"]).then(({ code }) => code === 0, () => false);
const missing = [...(compiler ? [] : ["gcc"]), ...(judgePresent ? [] : ["conformance/litert/setup.sh"])];

/** Inputs that are counted in a quick run; null: only with EDGEWISE_FULL=1, which counts all. */
const nets: Readonly<Record<string, number | null>> = {
  "mlperf-kws-dscnn/kws_ref_model_int8.tflite": 200,
  "mlperf-ic-resnet8/pretrainedResnet.onnx": 60,
  "mlperf-ic-resnet8/pretrainedResnet_int8.tflite": null,
  "mlperf-vww-mobilenetv1/vww_96_float.onnx": null,
  "mlperf-vww-mobilenetv1/vww_96_int8.tflite": null,
  "gesture-magic-wand/model.onnx": 75,
  "mnist-cnn/mnist_cntk.onnx": 200,
  "mnist-cnn/mnist_mlp_pytorch.onnx": null,
  "mnist-cnn/conv_fc_mnist_float.tflite": null,
  "mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx": null,
};

/** Below it a difference counts as one. */
const SIGNIFICANT = 0.05;

/** Share of inputs on which two runtimes name the same class: of a thousand classes several may be a few steps apart. */
function leastSame(file: string): number {
  return file.startsWith("mobilenet-imagenet/") ? 0.9 : 0.98;
}

const rows: RuntimeRow[] = [];

/** EDGEWISE_FULL=1 EDGEWISE_RECORD=1 writes the counts, from which scripts/runtimes-table.mjs makes the page. */
async function record(judge: Judge): Promise<void> {
  if (process.env["EDGEWISE_RECORD"] !== "1") return;
  const { litert } = await judge.versions();
  const result = { what: "right answers of one graph on labelled inputs, by runtime", runtimes: { onnx: "onnxruntime-node 1.30.0", litert: `LiteRT ${litert}, XNNPACK, one thread`, c: "emitted C on the host, kernels for the DSP extension; bytes of flash as promised for a Cortex-M4" }, rows };
  writeFileSync(join(import.meta.dirname, "../../bench/results/runtimes.json"), `${JSON.stringify(result, null, 2).replaceAll(/\[\s+([\d,\s]+?)\s+\]/g, (_, list: string) => `[${list.replaceAll(/\s+/g, " ")}]`)}\n`);
}

function sides({ float32, int8 }: RuntimeRow): readonly Side[] {
  return [...(float32 === null ? [] : Object.values(float32)), ...Object.values(int8)];
}

describe.skipIf(missing.length > 0)(`one graph on three runtimes${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`, () => {
  let judge: Judge;
  beforeAll(() => void (judge = startJudge()));
  afterAll(async () => {
    await record(judge);
    judge.close();
  });

  test.each(Object.entries(nets).filter(([, quick]) => full || quick !== null))("%s: no significant difference in right answers between onnxruntime, LiteRT and C", async (file, quick) => {
    const row = await runtimeRow(net(file), judge, full ? Infinity : quick ?? 0);
    rows.push(row);
    expect(row.inputs).toBeGreaterThanOrEqual(60);
    const worse = sides(row).filter(({ p }) => p < SIGNIFICANT);
    expect(worse).toEqual([]);
    if (row.float32 !== null) expect(row.float32.onnx.sameClass).toBe(row.inputs);
    // LiteRT's own reference kernels have the interpreter's arithmetic, and the class that C names; XNNPACK's roundings add up.
    expect(mostSteps(row.beforeSoftmax.reference)).toBeLessThanOrEqual(1);
    expect(row.beforeSoftmax.referenceSameClass).toBe(row.beforeSoftmax.inputs);
    for (const { sameClass } of Object.values(row.int8)) expect(sameClass).toBeGreaterThanOrEqual(Math.floor(leastSame(file) * row.inputs));
    expect(row.int8.litert.right).toBeGreaterThan(0.5 * row.inputs);
  }, full ? 1_800_000 : 120_000);
});
