import { type Bundle, type BundleFile, digest } from "@edgewise/adapter";
import { type CoremlModel, type MilOperation, decodeCoreml, fileModel } from "@edgewise/formats/coreml";
import { describe, expect, test } from "vitest";
import { coremlAdapter } from "./index.ts";
import type { CoremlPrecision } from "./runtime.ts";
import { classesContract, colourContract, colourText, emitInput, graphOf, smallText, valueOrThrow } from "./testing/emit-case.ts";
import { examplePicture } from "./testing/example-picture.ts";

const folder = "Sources/MeterReadingModel/model.mlpackage/";

async function bundleIn(precision: CoremlPrecision, backend = "cpu"): Promise<Bundle> {
  return valueOrThrow(await coremlAdapter.emit(emitInput({ graph: graphOf(smallText), precision, backend, contract: classesContract, raw: [examplePicture(17, 13, 1)] })));
}

const colourBundle = async (): Promise<Bundle> => valueOrThrow(await coremlAdapter.emit(emitInput({ graph: graphOf(colourText), precision: "float32", contract: colourContract, raw: [examplePicture(9, 9, 1)] })));

const codesOf = async (bundle: Bundle): Promise<readonly string[]> => (await coremlAdapter.check(bundle)).map(({ code }) => code);

/** The bundle with other files, as if it had been emitted so: the manifest has their digests. */
function withFiles(bundle: Bundle, changed: readonly BundleFile[]): Bundle {
  const files = bundle.files.map((file) => changed.find(({ path }) => path === file.path) ?? file);
  return { files, manifest: { ...bundle.manifest, files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: digest(bytes) })) } };
}

function withModel(bundle: Bundle, change: (model: CoremlModel) => CoremlModel): Bundle {
  const parts = bundle.files.filter(({ path }) => path.startsWith(folder)).map(({ path, bytes }) => ({ path: path.slice(folder.length), bytes }));
  return withFiles(bundle, fileModel(change(valueOrThrow(decodeCoreml(parts)))).map(({ path, bytes }) => ({ path: folder + path, bytes })));
}

function withOperations(model: CoremlModel, change: (operation: MilOperation) => MilOperation): CoremlModel {
  return { ...model, program: { ...model.program, operations: model.program.operations.map(change) } };
}

describe("check finds", () => {
  test("a changed byte of any file, a missing one, and one too many", async () => {
    const bundle = await bundleIn("int8-weights");
    for (const { path } of bundle.files) {
      const changed = { ...bundle, files: bundle.files.map((file) => file.path === path ? { path, bytes: file.bytes.map((byte, i) => i === file.bytes.length >> 1 ? byte ^ 1 : byte) } : file) };
      expect(await codesOf(changed), path).toContain("BUNDLE_FILE_CHANGED");
      expect(await codesOf({ ...bundle, files: bundle.files.filter((file) => file.path !== path) }), path).toContain("BUNDLE_FILE_MISSING");
    }
    expect(await codesOf({ ...bundle, files: [...bundle.files, { path: "stray.txt", bytes: new Uint8Array(1) }] })).toEqual(["BUNDLE_STRAY_FILE"]);
  });

  test("an offset into the weight file that points elsewhere", async () => {
    const bundle = await bundleIn("float32");
    const path = `${folder}Data/com.apple.CoreML/weights/weight.bin`;
    const weights = bundle.files.find((file) => file.path === path)!.bytes;
    // The header of the first blob starts at byte 64 and says where its numbers lie, as a little-endian 64-bit number 16 bytes in.
    const moved = weights.slice();
    moved[64 + 16] = (moved[64 + 16] ?? 0) ^ 0x40;
    expect(await codesOf(withFiles(bundle, [{ path, bytes: moved }]))).toEqual(["COREML_PROMISE_BROKEN"]);
    moved[64 + 18] = 0xff;
    expect(await codesOf(withFiles(bundle, [{ path, bytes: moved }]))).toContain("COREML_WEIGHTS");
    expect(await codesOf(withFiles(bundle, [{ path, bytes: weights.slice(0, weights.length - 64) }]))).toContain("COREML_WEIGHTS");
  });

  test("layers that compute in another type than promised", async () => {
    const [half, single] = [await bundleIn("float16", "all"), await bundleIn("float32")];
    const swapped: Bundle = { ...withFiles(half, single.files.filter(({ path }) => path.startsWith(folder))) };
    expect(await codesOf(swapped)).toEqual(expect.arrayContaining(["COREML_COMPUTE_TYPE", "COREML_WEIGHTS_NOT_QUANTIZED"]));
  });

  test.each(["int8-weights", "int4-palette", "int8-symmetric"] as const)("float weights under the name of %s", async (precision) => {
    const [bundle, single] = [await bundleIn(precision), await bundleIn("float32")];
    expect(await codesOf(withFiles(bundle, single.files.filter(({ path }) => path.startsWith(folder))))).toContain("COREML_WEIGHTS_NOT_QUANTIZED");
  });

  test("activations that are not rounded under the name of int8-symmetric", async () => {
    const [bundle, weights] = [await bundleIn("int8-symmetric"), await bundleIn("int8-weights")];
    expect(await codesOf(withFiles(bundle, weights.files.filter(({ path }) => path.startsWith(folder))))).toContain("COREML_ACTIVATIONS");
  });

  test("a missing label, a label too few, and two that changed places", async () => {
    const bundle = await bundleIn("float32");
    const labelled = (change: (labels: readonly string[]) => readonly string[]): Bundle => withModel(bundle, (model) => withOperations(model, (operation) => operation.type === "classify"
      ? { ...operation, inputs: Object.fromEntries(Object.entries(operation.inputs).map(([name, given]) => [name, given.map((argument) => typeof argument !== "string" && argument.kind === "strings" ? { ...argument, strings: change(argument.strings), type: argument.type.kind === "list" ? { ...argument.type, count: change(argument.strings).length } : argument.type } : argument)])) }
      : operation));
    expect(await codesOf(labelled(([a = "", b = "", ...rest]) => [b, a, ...rest]))).toContain("COREML_LABELS_WRONG");
    expect(await codesOf(labelled((labels) => labels.slice(1)))).toEqual(["COREML_LABELS"]);
    const unlabelled = valueOrThrow(await coremlAdapter.emit(emitInput({ graph: graphOf(smallText), precision: "float32", contract: { ...classesContract, output: { kind: "tensor" } }, raw: [] })));
    expect(await codesOf(withFiles(bundle, unlabelled.files.filter(({ path }) => path.startsWith(folder))))).toContain("COREML_LABELS_MISSING");
  });

  test("a scale of the picture that is not the contract's, and a missing offset", async () => {
    const bundle = await bundleIn("float32");
    const other = async (scale: number, offset: number): Promise<Bundle> => {
      const contract = { ...classesContract, input: { ...classesContract.input, scale: [scale], offset: [offset] } };
      const emitted = valueOrThrow(await coremlAdapter.emit(emitInput({ graph: graphOf(smallText), precision: "float32", contract, raw: [] })));
      return withFiles(bundle, emitted.files.filter(({ path }) => path.startsWith(folder)));
    };
    expect(await codesOf(await other(1 / 255, -0.5))).toEqual([]);
    expect(await codesOf(await other(1 / 127.5, -0.5))).toContain("COREML_INPUT_SCALE");
    expect(await codesOf(await other(1 / 255, 0))).toContain("COREML_INPUT_SCALE");
    expect(await codesOf(await other(1, 0))).toContain("COREML_INPUT_SCALE");
  });

  test("another order of colours, and numbers where the contract has a picture", async () => {
    const bundle = await colourBundle();
    expect(await codesOf(withModel(bundle, (model) => ({ ...model, inputs: model.inputs.map((input) => input.type.kind === "image" ? { ...input, type: { ...input.type, color: "RGB" } } : input) })))).toContain("COREML_INPUT_COLOUR");
    const numbers = valueOrThrow(await coremlAdapter.emit(emitInput({ graph: graphOf(colourText), precision: "float32", contract: { ...colourContract, input: { kind: "tensor", scale: [1], offset: [0] } }, raw: [] })));
    expect(await codesOf(withFiles(bundle, numbers.files.filter(({ path }) => path.startsWith(folder))))).toContain("COREML_INPUT_FORM");
  });

  test("Swift that prepares the picture otherwise than the contract says", async () => {
    const bundle = await bundleIn("float32");
    const path = "Sources/MeterReadingModel/Resize.swift";
    const text = new TextDecoder().decode(bundle.files.find((file) => file.path === path)!.bytes);
    expect(await codesOf(withFiles(bundle, [{ path, bytes: new TextEncoder().encode(text.replace("modelWidth = 8", "modelWidth = 9")) }]))).toEqual(["COREML_SWIFT_CONTRACT"]);
  });

  test("a model of other operations than promised", async () => {
    const bundle = await bundleIn("float32");
    const other = valueOrThrow(await coremlAdapter.emit(emitInput({ graph: graphOf(smallText.replace("a = Relu(y)", "a = Sigmoid(y)")), precision: "float32", contract: classesContract, raw: [] })));
    expect(await codesOf(withFiles(bundle, other.files.filter(({ path }) => path.startsWith(folder))))).toContain("COREML_PROMISE_BROKEN");
  });

  test("a bundle that promises no model", async () => {
    const bundle = await bundleIn("float32");
    const without = <T extends { readonly path: string }>(files: readonly T[]): readonly T[] => files.filter(({ path }) => !path.startsWith(folder));
    expect(await codesOf({ files: without(bundle.files), manifest: { ...bundle.manifest, files: without(bundle.manifest.files) } })).toEqual(["COREML_MODEL_MISSING"]);
  });

  test("a program cut off anywhere: refused, not thrown at", async () => {
    const bundle = await bundleIn("float32");
    const path = `${folder}Data/com.apple.CoreML/model.mlmodel`;
    const { bytes } = bundle.files.find((file) => file.path === path)!;
    for (let length = 0; length < bytes.length; length += 61) expect((await codesOf(withFiles(bundle, [{ path, bytes: bytes.slice(0, length) }]))).length, String(length)).toBeGreaterThan(0);
  });
});
