import { type Bundle, digest } from "@edgewise/adapter";
import { type TfliteMetadata, labelFile } from "@edgewise/formats/tflite";
import { type Graph, parseGraph, propagateShapes } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { describe, expect, test } from "vitest";
import { tfliteFile } from "../../formats/src/tflite/testing/tflite-file.ts";
import { classesContract, graphOf, randomRows, smallText, tensorContract, valueOrThrow } from "../../adapter-onnx/src/testing/emit-case.ts";
import { examplePicture } from "../../adapter-onnx/src/testing/example-picture.ts";
import { programBytes } from "./encode.ts";
import { litertAdapter } from "./index.ts";
import { lowerForLitert } from "./lower.ts";
import { LABELS_FILE as LABELS, MODEL_FILE as MODEL, metadataOf } from "./metadata.ts";
import { inPrecision, litertInput } from "./testing/emit-case.ts";

const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8-dynamic", "int8", "int16x8"];

/** Three channels: what lies last is told from what lies first. */
const colorText = smallText.replace("float32[1, 1, 6, 8]", "float32[1, 3, 6, 8]").replace("float32[4, 1, 3, 3]", "float32[4, 3, 3, 3]");
const graph = graphOf(colorText);
const contract = { ...classesContract, input: { kind: "image", color: "rgb", resize: { filter: "area", fit: "stretch", crop: null, pad: 0 }, scale: [1 / 255], offset: [-0.5], layout: "nchw" } } as const;

async function bundleIn(precision: Precision, backend = "cpu"): Promise<Bundle> {
  return valueOrThrow(await litertAdapter.emit(litertInput({ graph, precision, contract, backend, raw: [examplePicture(17, 13, 1), examplePicture(8, 6, 2)] })));
}

const codesOf = async (bundle: Bundle): Promise<readonly string[]> => (await litertAdapter.check(bundle)).map(({ code }) => code);

/** The bundle with another file, as if it had been emitted so. */
function withFile(bundle: Bundle, path: string, bytes: Uint8Array): Bundle {
  return {
    files: bundle.files.map((file) => file.path === path ? { ...file, bytes } : file),
    manifest: { ...bundle.manifest, files: bundle.manifest.files.map((file) => file.path === path ? { ...file, bytes: bytes.length, sha256: digest(bytes) } : file) },
  };
}

function withoutFile(bundle: Bundle, path: string): Bundle {
  return { files: bundle.files.filter((file) => file.path !== path), manifest: { ...bundle.manifest, files: bundle.manifest.files.filter((file) => file.path !== path) } };
}

/** model.tflite of another graph or with other metadata, and nothing else changed. */
function modelWith(about: { readonly graph?: Graph; readonly precision?: Precision; readonly metadata?: (metadata: TfliteMetadata) => TfliteMetadata }): Uint8Array {
  const precision = about.precision ?? "float32";
  const lowered = valueOrThrow(lowerForLitert(inPrecision(about.graph ?? graph, precision), precision));
  const metadata = metadataOf(lowered, contract);
  return programBytes(lowered.program, about.metadata?.(metadata) ?? metadata);
}

describe.each(precisions)("%s", (precision) => {
  test("a bundle proves itself, twice the same bytes", async () => {
    const [bundle, again] = [await bundleIn(precision), await bundleIn(precision)];
    expect(await litertAdapter.check(bundle)).toEqual([]);
    expect(again).toEqual(bundle);
  });
});

test("a bundle holds model, labels, placement, golden vectors and a README", async () => {
  const bundle = await bundleIn("int8");
  expect(bundle.files.map(({ path }) => path)).toEqual(expect.arrayContaining(["README.md", "golden/vector0.json", "golden/vector0.png", "golden/vector0.rgba", LABELS, MODEL, "placement.json"]));
});

test("the table of placements names unit, rule and source of every operator, and is called predicted", async () => {
  const bundle = await bundleIn("int8", "gpu");
  const table = JSON.parse(new TextDecoder().decode(bundle.files.find(({ path }) => path === "placement.json")?.bytes)) as { readonly basis: string; readonly sources: readonly unknown[]; readonly operators: readonly { readonly rule: string; readonly source: number }[] };
  expect(table.basis).toContain("predicted");
  expect(table.operators.length).toBeGreaterThan(3);
  for (const { rule, source } of table.operators) {
    expect(rule).not.toBe("");
    expect(table.sources[source]).toBeDefined();
  }
});

test("a bundle for NNAPI says that it is deprecated", async () => {
  const bundle = await bundleIn("float32", "nnapi");
  expect(new TextDecoder().decode(bundle.files.find(({ path }) => path === "README.md")?.bytes)).toContain("deprecated from Android 15");
});

describe("check finds", () => {
  test("a changed byte of any file", async () => {
    const bundle = await bundleIn("int8");
    for (const { path } of bundle.files) {
      const changed = { ...bundle, files: bundle.files.map((file) => file.path === path ? { path, bytes: file.bytes.map((byte, i) => i === file.bytes.length >> 1 ? byte ^ 1 : byte) } : file) };
      expect(await codesOf(changed), path).toContain("BUNDLE_FILE_CHANGED");
    }
  });

  test.each(["int8", "int8-weights", "int8-dynamic", "float16"] as const)("a quantization to %s that changed nothing", async (precision) => {
    const codes = await codesOf(withFile(await bundleIn(precision), MODEL, modelWith({})));
    expect(codes).toContain("LITERT_WEIGHTS_NOT_QUANTIZED");
    expect(codes.includes("LITERT_ACTIVATIONS")).toBe(precision === "int8");
  });

  test("weights that were quantized where activations should have been, too", async () => {
    expect(await codesOf(withFile(await bundleIn("int8"), MODEL, modelWith({ precision: "int8-dynamic" })))).toContain("LITERT_ACTIVATIONS");
  });

  test("missing labels: the file, those inside of the model, and the word that names them", async () => {
    const bundle = await bundleIn("float32");
    expect(await codesOf(withoutFile(bundle, LABELS))).toContain("LITERT_LABELS_MISSING");
    expect(await codesOf(withFile(bundle, MODEL, modelWith({ metadata: (metadata) => ({ ...metadata, files: {} }) })))).toContain("LITERT_LABELS_MISSING");
    expect(await codesOf(withFile(bundle, MODEL, modelWith({ metadata: (metadata) => ({ ...metadata, outputs: metadata.outputs.map((output) => ({ ...output, labels: null })) }) })))).toContain("LITERT_LABELS_MISSING");
  });

  test("labels in another order, too few, or of another task", async () => {
    const bundle = await bundleIn("float32");
    for (const labels of [["one", "zero", "two", "three"], ["zero", "one", "two"], ["zero", "one", "two", "three", "four"]]) {
      expect(await codesOf(withFile(bundle, LABELS, labelFile(labels))), labels.join()).toEqual(["LITERT_LABELS"]);
    }
  });

  test.each([["[0, 255] instead of [-0.5, 0.5]", { mean: [0], std: [1] }], ["[-1, 1] instead of [-0.5, 0.5]", { mean: [127.5], std: [127.5] }], ["none", null]])("an input range of %s", async (_, normalization) => {
    const model = modelWith({ metadata: (metadata) => ({ ...metadata, inputs: metadata.inputs.map((input) => ({ ...input, normalization })) }) });
    expect(await codesOf(withFile(await bundleIn("float32"), MODEL, model))).toContain("LITERT_INPUT_RANGE");
  });

  test("a transposed layout", async () => {
    const last = graphOf("graph small\nin x: float32[1, 6, 8, 3]\nf = Flatten(x)\nk: float32[144, 4] = const seed 3\nz = MatMul(f, k)\nout z\n");
    const lowered = valueOrThrow(lowerForLitert(last, "float32"));
    const turned = { ...lowered.program, tensors: lowered.program.tensors.map((tensor) => tensor.name === "x" ? { ...tensor, shape: [1, 3, 6, 8] } : tensor) };
    const bundle = await bundleIn("float32");
    expect(await codesOf(withFile(bundle, MODEL, programBytes(turned, metadataOf(lowered, contract))))).toContain("LITERT_LAYOUT");
  });

  test("uint8 where int8 was promised", async () => {
    const quant = { scale: [0.5], zeroPoint: [128] };
    const model = tfliteFile({
      tensors: [{ name: "x", type: "uint8", shape: [1, 6, 8, 3], ...quant }, { name: "w", type: "uint8", shape: [4, 144], data: new Uint8Array(576), ...quant }, { name: "z", type: "uint8", shape: [1, 4], ...quant }],
      operators: [{ op: "FULLY_CONNECTED", inputs: [0, 1, -1], outputs: [2] }], inputs: [0], outputs: [2],
    });
    expect(await codesOf(withFile(await bundleIn("int8"), MODEL, model))).toContain("LITERT_UINT8");
  });

  test("a model of other operators, or of another size, than promised", async () => {
    const other = graphOf(colorText.replace("a = Relu(y)", "a = Sigmoid(y)"));
    expect(await codesOf(withFile(await bundleIn("float32"), MODEL, modelWith({ graph: other })))).toContain("LITERT_PROMISE_BROKEN");
  });

  test("a model cut off anywhere, without throwing", async () => {
    const bundle = await bundleIn("int8");
    const model = bundle.files.find(({ path }) => path === MODEL)!.bytes;
    for (let length = 0; length < model.length; length += 61) expect((await codesOf(withFile(bundle, MODEL, model.slice(0, length)))).length, String(length)).toBeGreaterThan(0);
  });

  test("that there is no model", async () => {
    expect(await codesOf(withoutFile(await bundleIn("int8"), MODEL))).toEqual(["LITERT_MODEL_MISSING"]);
  });
});

test("numbers in, numbers out: a bundle proves itself", async () => {
  for (const precision of precisions) {
    const bundle = valueOrThrow(await litertAdapter.emit(litertInput({ graph, precision, contract: tensorContract, raw: randomRows(graph, 5, 2) })));
    expect(await litertAdapter.check(bundle)).toEqual([]);
  }
});

test("facts of another model are stale", async () => {
  const input = litertInput({ graph, precision: "float32", contract });
  expect(await litertAdapter.emit({ ...input, facts: { ...input.facts, bundleBytes: { low: 1, expected: 1, high: 1, basis: "modelled" } } })).toMatchObject({ ok: false, errors: [{ code: "FACTS_STALE" }] });
});

function shaped(text: string): Graph {
  return valueOrThrow(propagateShapes(parseGraph(text)));
}

test("inputs that the Kotlin API cannot feed are refused by name", async () => {
  const two = shaped("graph two\nin x: float32[1, 2]\nin y: float32[1, 2]\nz = Add(x, y)\nout z\n");
  const whole = shaped("graph whole\nin x: int32[1, 2]\nz = Flatten(x)\nout z\n");
  const input = litertInput({ graph, precision: "float32", contract });
  const codes = await Promise.all([two, whole].map(async (each) => {
    const result = await litertAdapter.emit({ ...input, graph: each });
    return result.ok ? [] : result.errors.map(({ code }) => code);
  }));
  expect(codes).toEqual([["LITERT_PORTS"], ["LITERT_PORT_TYPE"]]);
});
