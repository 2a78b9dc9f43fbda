import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelBytes, programBytes } from "../../packages/adapter-litert/src/encode.ts";
import { lowerForLitert } from "../../packages/adapter-litert/src/lower.ts";
import { type TfliteProgram, type WrittenTflite, writeTflite } from "../../packages/formats/src/tflite/index.ts";
import { corpus, rgb, valueOrThrow } from "../../packages/measure/src/testing/corpus.ts";
import { corpusFiles, net, readNet } from "./corpus-nets.ts";
import { type FlatcModel, flatcPresent, readByFlatc } from "./flatc.ts";
import { type Judge, JudgeError, judgePresent, startJudge } from "./judge.ts";

const full = process.env["EDGEWISE_FULL"] === "1";

/** flatc spells every byte out as text, seconds for megabytes: larger files only with EDGEWISE_FULL=1. */
const QUICK_BYTES = 1_000_000;

/** What no writer can write, because the reader has no word for it; every other file of the corpus is written. */
const unread: readonly string[] = [
  "other-onnx/lgbm_classifier_tensor.onnx", "other-onnx/st_ssd_mobilenet_v1_025_256.onnx", "other-onnx/treeensembleclassifier.onnx", "other-onnx/xgboost_classifier_tree.onnx",
  "segmentation/deeplabv3_mnv2_dm05_pascal_quant.tflite", "tflm-micro-speech/audio_preprocessor_float.tflite", "tflm-micro-speech/audio_preprocessor_int8.tflite",
];

const files = judgePresent ? corpusFiles().filter((file) => !unread.includes(file)) : [];

function written(file: string): WrittenTflite {
  return valueOrThrow(writeTflite(net(file).graph));
}

/** A TRANSPOSE is left where a model's own order of axes is not the kernels': windows [1, C, T]. */
const transposes: Readonly<Record<string, number>> = { "gesture-magic-wand/model.onnx": 1 };

describe.skipIf(!judgePresent)("emitted files as the official readers see them (needs conformance/litert/setup.sh)", () => {
  let judge: Judge;
  beforeAll(() => void (judge = startJudge()));
  afterAll(() => judge.close());

  test("only what is listed cannot be read", () => {
    expect(unread.filter((file) => readNet(file).ok)).toEqual([]);
  });

  test.each(files)("%s: verifier, kernels and object API take the emitted file, and read the program that was meant", async (file) => {
    const { bytes, program, transposes: found } = written(file);
    for (const kernels of ["reference", "xnnpack"] as const) await (await judge.open(bytes, { kernels })).close();
    const objects = await judge.objects(bytes);
    expect(objects).toMatchObject({ same: true, identifier: "TFL3", schemaVersion: 3, oldCodesAgree: true, inputs: program.inputs, outputs: program.outputs });
    expect(objects.operators.map(({ op, version, inputs, outputs }) => ({ op, version, inputs, outputs }))).toEqual(operatorsOf(program));
    expect(objects.tensors).toEqual(program.tensors.map(({ name, type, shape }) => ({ name, type, shape })));
    expect(found).toBe(transposes[file] ?? 0);
  });

  test("the verifier refuses an offset that leads out of the file", async () => {
    const bytes = written("tflm-hello-world/hello_world_int8.tflite").bytes.slice();
    new DataView(bytes.buffer).setUint32(0, bytes.length + 64, true);
    await expect(judge.open(bytes, { kernels: "reference" })).rejects.toThrow(JudgeError);
  });

  test("with the contract as metadata, LiteRT answers the same, and any archive reader finds the labels", async () => {
    const { graph } = net("mlperf-ic-resnet8/pretrainedResnet.onnx");
    const lowered = valueOrThrow(lowerForLitert(graph, "float32"));
    const labels = Array.from({ length: 10 }, (_, i) => `Klasse ${i} – ü`);
    const contract = { input: { ...rgb, scale: [1], offset: [0] }, output: { kind: "labels", labels, labelOffset: 0, softmax: false, topK: 1 } } as const;
    const [plain, told] = [programBytes(lowered.program), modelBytes(lowered, contract)];
    const objects = await judge.objects(told);
    expect(objects.same).toBe(true);
    expect(objects.metadata).toContain("TFLITE_METADATA");
    expect(Object.values(objects.files).map((text) => text.trim().split("\n"))).toEqual([labels]);
    const answers = await Promise.all([plain, told].map(async (bytes) => {
      const model = await judge.open(bytes, { kernels: "xnnpack" });
      return model.run(model.inputs.map(({ dtype, shape }) => ({ dtype, shape, data: Float32Array.from({ length: 3072 }, (_, i) => i % 256) })));
    }));
    expect(answers[1]).toEqual(answers[0]);
  });

  test.skipIf(!flatcPresent).each(full ? files : files.filter((file) => sizeOf(file) <= QUICK_BYTES))(`%s: flatc reads the program that was meant by the public schema${flatcPresent ? "" : " (no flatc, or no schema)"}`, (file) => {
    const { bytes, program } = written(file);
    const { model, same } = readByFlatc(bytes);
    expect(same).toBe(true);
    expect(spokenBy(model)).toMatchObject(program.operators.map(({ op, version, options }) => ({ op, version, options })));
  });
});

function sizeOf(file: string): number {
  return statSync(join(corpus, "models", file)).size;
}

function operatorsOf({ operators }: TfliteProgram): readonly object[] {
  return operators.map(({ op, version, inputs, outputs }) => ({ op, version, inputs, outputs }));
}

/** Operators with all fields of their options: what a program does not state has its default. */
function spokenBy({ operator_codes: codes, subgraphs: [main] }: FlatcModel): readonly object[] {
  return (main?.operators ?? []).map(({ opcode_index: index, builtin_options: options }) => ({ op: codes[index]?.builtin_code, version: codes[index]?.version, options: booleansAsNumbers(options ?? {}) }));
}

function booleansAsNumbers(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, typeof value === "boolean" ? Number(value) : value]));
}
