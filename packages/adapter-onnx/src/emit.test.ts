import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundle, digest } from "@edgewise/adapter";
import { writeOnnx } from "@edgewise/formats/onnx";
import { type Graph, parseGraph } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { quantizeGraph } from "@edgewise/quantizer";
import { Project, ts } from "ts-morph";
import { afterAll, describe, expect, test } from "vitest";
import { onnxAdapter } from "./index.ts";
import { bundleFolder, runSelftest } from "./testing/bundle-folder.ts";
import { classesContract, emitInput, graphOf, randomRanges, randomRows, smallText, tensorContract, valueOrThrow } from "./testing/emit-case.ts";
import { examplePicture } from "./testing/example-picture.ts";

const graph = graphOf(smallText);
const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8"];
const remove: (() => Promise<void>)[] = [];
afterAll(async () => { await Promise.all(remove.map((each) => each())); });

async function bundleIn(precision: Precision): Promise<Bundle> {
  return valueOrThrow(await onnxAdapter.emit(emitInput({ graph, precision, contract: classesContract, raw: [examplePicture(17, 13, 1), examplePicture(8, 6, 2)] })));
}

async function folderOf(bundle: Bundle, installed = true): Promise<string> {
  const folder = await bundleFolder(bundle, installed);
  remove.push(folder.remove);
  return folder.path;
}

/** The bundle with another model, as if it had been emitted so. */
function withModel(bundle: Bundle, model: Uint8Array): Bundle {
  return {
    files: bundle.files.map((file) => file.path === "model.onnx" ? { ...file, bytes: model } : file),
    manifest: { ...bundle.manifest, files: bundle.manifest.files.map((file) => file.path === "model.onnx" ? { ...file, bytes: model.length, sha256: digest(model) } : file) },
  };
}

const codesOf = async (bundle: Bundle): Promise<readonly string[]> => (await onnxAdapter.check(bundle)).map(({ code }) => code);

describe.each(precisions)("%s", (precision) => {
  test("a bundle proves itself, twice the same bytes", async () => {
    const [bundle, again] = [await bundleIn(precision), await bundleIn(precision)];
    expect(await codesOf(bundle)).toEqual([]);
    expect(again).toEqual(bundle);
  });

  test("its self-test passes on onnxruntime-node, from picture to answer", async () => {
    const { code, text } = await runSelftest(await folderOf(await bundleIn(precision)));
    expect(text).toContain("PASS: 2 of 2 vectors");
    expect(code).toBe(0);
  });
});

describe("check", () => {
  test("a changed byte of any file is found", async () => {
    const bundle = await bundleIn("int8");
    for (const { path } of bundle.files) {
      const changed = { ...bundle, files: bundle.files.map((file) => file.path === path ? { path, bytes: file.bytes.map((byte, i) => i === file.bytes.length >> 1 ? byte ^ 1 : byte) } : file) };
      expect(await codesOf(changed), path).toContain("BUNDLE_FILE_CHANGED");
    }
  });

  test("a missing file of any kind is found, and one too many", async () => {
    const bundle = await bundleIn("int8");
    for (const { path } of bundle.files) expect(await codesOf({ ...bundle, files: bundle.files.filter((file) => file.path !== path) }), path).toContain("BUNDLE_FILE_MISSING");
    expect(await codesOf({ ...bundle, files: [...bundle.files, { path: "stray.txt", bytes: new Uint8Array(1) }] })).toEqual(["BUNDLE_STRAY_FILE"]);
  });

  test("float weights under the name of int8 are found", async () => {
    const codes = await codesOf(withModel(await bundleIn("int8"), writeOnnx(graph).model));
    expect(codes).toContain("ONNX_WEIGHTS_NOT_QUANTIZED");
    expect(codes).toContain("ONNX_ACTIVATIONS");
  });

  test("uint8 activations are found", async () => {
    expect(await codesOf(withModel(await bundleIn("int8"), writeOnnx(uint8Graph).model))).toContain("ONNX_UINT8_ACTIVATIONS");
  });

  test("an int8 model of other ops than promised is found", async () => {
    const other = graphOf(smallText.replace("a = Relu(y)", "a = Sigmoid(y)"));
    const model = writeOnnx(valueOrThrow(quantizeGraph(other, randomRanges(other, 1)))).model;
    expect(await codesOf(withModel(await bundleIn("int8"), model))).toContain("ONNX_PROMISE_BROKEN");
  });

  test("a bundle that promises no model is none", async () => {
    const bundle = await bundleIn("int8");
    const without = <T extends { readonly path: string }>(files: readonly T[]): readonly T[] => files.filter(({ path }) => path !== "model.onnx");
    expect(await codesOf({ files: without(bundle.files), manifest: { ...bundle.manifest, files: without(bundle.manifest.files) } })).toEqual(["ONNX_MODEL_MISSING"]);
  });

  test("a model cut off anywhere is refused, not thrown at", async () => {
    const bundle = await bundleIn("int8");
    const model = bundle.files.find(({ path }) => path === "model.onnx")!.bytes;
    for (let length = 0; length < model.length; length += 97) expect((await codesOf(withModel(bundle, model.slice(0, length)))).length, String(length)).toBeGreaterThan(0);
  });
});

/** The pattern of converters that quantize activations to uint8, as a graph. */
const uint8Graph: Graph = parseGraph(`graph pattern
in x: float32[1, 1, 6, 8]
s: float32[] = const [0.02]
z: uint8[] = const [128]
zw: int8[] = const [0]
w: int8[4, 1, 3, 3] = const seed 1
xq = QuantizeLinear(x, s, z)
xd = DequantizeLinear(xq, s, z)
wd = DequantizeLinear(w, s, zw)
y = Conv(xd, wd) kernel_shape=[3, 3]
out y
`);

test("without golden vectors there is no self-test to pass", async () => {
  const bundle = valueOrThrow(await onnxAdapter.emit(emitInput({ graph, precision: "float32", contract: classesContract, raw: [] })));
  expect(bundle.files.map(({ path }) => path)).toEqual(["README.md", "index.d.ts", "index.js", "index.ts", "model.onnx", "package.json"]);
});

test("facts of another model are stale", async () => {
  const input = emitInput({ graph, precision: "float32", contract: classesContract, raw: [] });
  const bundleBytes = { low: 1, expected: 1, high: 1, basis: "modelled" as const };
  expect(await onnxAdapter.emit({ ...input, facts: { ...input.facts, bundleBytes } })).toMatchObject({ ok: false, errors: [{ code: "FACTS_STALE" }] });
});

describe("self-test", () => {
  test("fails with exit code 1 when the model computes something else", async () => {
    const path = await folderOf(await bundleIn("float32"));
    await writeFile(join(path, "model.onnx"), writeOnnx(graphOf(smallText.replace("seed 3", "seed 4"))).model);
    const { code, text } = await runSelftest(path);
    expect(code).toBe(1);
    expect(text).toContain("FAIL: 2 of 2 vectors");
  });

  test("fails when the picture that enters is another", async () => {
    const path = await folderOf(await bundleIn("float32"));
    const file = join(path, "golden/vector0.rgba");
    const bytes = await readFile(file);
    await writeFile(file, bytes.map((byte) => 255 - byte));
    expect(await runSelftest(path)).toMatchObject({ code: 1, text: expect.stringContaining("tensor DIFFERENT") });
  });

  test("says what to install when onnxruntime-node is missing", async () => {
    const { code, text } = await runSelftest(await folderOf(await bundleIn("float32"), false));
    expect(code).toBe(1);
    expect(text).toContain("npm install onnxruntime-node@1.30.0");
  });

  test.each(precisions)("numbers in, numbers out: passes in %s", async (precision) => {
    const bundle = valueOrThrow(await onnxAdapter.emit(emitInput({ graph, precision, contract: tensorContract, raw: randomRows(graph, 5, 3) })));
    expect(await codesOf(bundle)).toEqual([]);
    expect(await runSelftest(await folderOf(bundle))).toMatchObject({ code: 0, text: expect.stringContaining("PASS: 3 of 3 vectors") });
  });
});

describe("wrapper", () => {
  test("compiles strictly against the types of onnxruntime", async () => {
    const path = await folderOf(await bundleIn("int8"));
    await writeFile(join(path, "user.ts"), `import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { createClassifier, modelUrl } from "./index.js";
for (const ort of [node, web]) {
  const classifier = await createClassifier(ort, modelUrl, { graphOptimizationLevel: "all" });
  const answers = await classifier.classify({ data: new Uint8ClampedArray(4), width: 1, height: 1 });
  const best: string | undefined = answers[0]?.label;
  console.log(best);
}
`);
    const project = new Project({ compilerOptions: { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noUnusedLocals: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"], types: [], skipLibCheck: true } });
    project.addSourceFilesAtPaths([join(path, "index.ts"), join(path, "user.ts")]);
    expect(project.getPreEmitDiagnostics().map((each) => each.getMessageText())).toEqual([]);
  });
});

test("inputs that the wrapper cannot feed are refused by name", async () => {
  const two = parseGraph("graph two\nin x: float32[1, 2]\nin y: float32[1, 2]\nz = Add(x, y)\nout z\n");
  const open = parseGraph("graph open\nin x: float32[N, 2]\nz = Relu(x)\nout z\n");
  const whole = parseGraph("graph whole\nin x: int64[1, 2]\nz = Identity(x)\nout z\n");
  const input = emitInput({ graph, precision: "float32", contract: tensorContract, raw: [] });
  const codes = await Promise.all([two, open, whole].map(async (each) => {
    const result = await onnxAdapter.emit({ ...input, graph: each });
    return result.ok ? [] : result.errors.map(({ code }) => code);
  }));
  expect(codes).toEqual([["ONNX_PORTS"], ["ONNX_PORT_SHAPE"], ["ONNX_PORT_TYPE"]]);
});
