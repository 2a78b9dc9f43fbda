import { verifyGraph } from "@edgewise/graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MilOperation, MilValue } from "./mil.ts";
import type { CoremlModel } from "./model.ts";
import { type PackageFile, packagePaths } from "./package-files.ts";
import { readCoreml } from "./read.ts";
import { classifier, value } from "./testing/sample.ts";
import { fileModel, writeCoreml } from "./write.ts";

const labels = ["ash", "birch", "cedar", "elm", "fir"];
const { files, model } = value(writeCoreml(classifier, { classifier: { output: "scores", labels }, target: "iOS16", palettes: true }));

function bytesAt(path: string): Uint8Array {
  return files.find((file) => file.path === path)?.bytes ?? new Uint8Array();
}

function withBytes(path: string, bytes: Uint8Array): readonly PackageFile[] {
  return files.map((file) => file.path === path ? { path, bytes } : file);
}

/** Codes of what is wrong; none for a graph. Anything else throws. */
function survives(given: readonly PackageFile[]): readonly string[] {
  const result = readCoreml(given, { file: "hostile.mlpackage" });
  if (result.ok) {
    verifyGraph(result.value.graph);
    return [];
  }
  expect(result.errors.length).toBeGreaterThan(0);
  return result.errors.map(({ code }) => code);
}

/** The package of a model with some operations changed. */
function changed(change: (operation: MilOperation) => MilOperation, about: Partial<CoremlModel> = {}): readonly string[] {
  return survives(fileModel({ ...model, program: { ...model.program, operations: model.program.operations.map(change) }, ...about }));
}

const isConv = ({ type }: MilOperation): boolean => type === "conv";

describe("a hostile package", () => {
  it("whose model is cut at any byte is refused", () => {
    const bytes = bytesAt(packagePaths.model);
    const cut = Array.from({ length: bytes.length }, (_, length) => survives(withBytes(packagePaths.model, bytes.subarray(0, length))));
    expect(cut.filter((codes) => codes.length === 0)).toEqual([]);
  });

  it("whose weights are cut at any byte is refused, but for the padding at the end", () => {
    const bytes = bytesAt(packagePaths.weights);
    const cut = Array.from({ length: bytes.length }, (_, length) => survives(withBytes(packagePaths.weights, bytes.subarray(0, length))));
    expect(cut.slice(0, -64).filter((codes) => !codes.includes("COREML_WEIGHTS"))).toEqual([]);
  });

  it("whose manifest is cut at any byte is refused", () => {
    const bytes = bytesAt(packagePaths.manifest);
    const whole = bytes.lastIndexOf("}".charCodeAt(0)) + 1;
    expect(new Set(Array.from({ length: whole }, (_, length) => survives(withBytes(packagePaths.manifest, bytes.subarray(0, length)))).flat())).toEqual(new Set(["COREML_PACKAGE"]));
  });

  it("with any one bit of the model flipped is a graph or diagnostics", () => {
    const original = bytesAt(packagePaths.model);
    for (let at = 0; at < original.length; at++) {
      const bytes = original.slice();
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at & 7));
      survives(withBytes(packagePaths.model, bytes));
    }
  });

  it("with random bytes put in is a graph or diagnostics", () => {
    const original = bytesAt(packagePaths.model);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 48 }), fc.nat(original.length), (noise, at) => {
      survives(withBytes(packagePaths.model, Uint8Array.from([...original.subarray(0, at), ...noise, ...original.subarray(at)])));
    }), { numRuns: 200 });
  });

  it("without a file that it needs is refused", () => {
    expect(survives([])).toEqual(["COREML_PACKAGE"]);
    expect(survives(files.filter(({ path }) => path !== packagePaths.model))).toEqual(["COREML_PACKAGE"]);
    expect(new Set(survives(files.filter(({ path }) => path !== packagePaths.weights)))).toEqual(new Set(["COREML_WEIGHTS"]));
  });

  it("whose manifest leads out of the package is refused", () => {
    const manifest = Buffer.from(bytesAt(packagePaths.manifest)).toString("utf8").replace("com.apple.CoreML/model.mlmodel", "../../etc/passwd");
    expect(survives(withBytes(packagePaths.manifest, Buffer.from(manifest)))).toEqual(["COREML_PACKAGE"]);
  });
});

describe("a weight file", () => {
  /** The file with a number put at an offset into the first blob's metadata. */
  function patched(offset: number, set: (view: DataView, at: number) => void): readonly string[] {
    const bytes = bytesAt(packagePaths.weights).slice();
    set(new DataView(bytes.buffer), 64 + offset);
    return survives(withBytes(packagePaths.weights, bytes));
  }

  it.each([
    ["another version", -60, 3], ["no sentinel", 0, 0xdeadbee0], ["another element type", 4, 1], ["another size", 8, 428], ["a huge size", 12, 0xffffffff],
    ["contents that are not aligned", 16, 129], ["contents outside of the file", 20, 1],
  ])("with %s is refused", (_, offset, number) => {
    expect(patched(offset, (view, at) => view.setUint32(at, number, true))).toContain("COREML_WEIGHTS");
  });
});

describe("a model that contradicts itself", () => {
  const typed = (operation: MilOperation, dtype: "fp16" | "fp32"): MilOperation => ({ ...operation, outputs: operation.outputs.map((port) => port.type.kind === "tensor" ? { ...port, type: { ...port.type, dtype } } : port) });

  it("in the element type of a result is refused", () => {
    expect(changed((operation) => isConv(operation) ? typed(operation, "fp16") : operation)).toContain("OP_FORM_UNSUPPORTED");
  });

  it("in the shape of a result is refused", () => {
    const reshaped = (operation: MilOperation): MilOperation => ({ ...operation, outputs: operation.outputs.map((port) => port.type.kind === "tensor" ? { ...port, type: { ...port.type, shape: [1, 4, 8, 9] } } : port) });
    expect(changed((operation) => isConv(operation) ? reshaped(operation) : operation)).toContain("SHAPE_CONFLICT");
  });

  it("in the type of a constant is refused", () => {
    expect(changed((operation) => operation.name === "w" ? typed(operation, "fp16") : operation)).toContain("COREML_TYPE");
  });

  it("in its labels is refused", () => {
    const fewer = (values: readonly (string | MilValue)[]): readonly (string | MilValue)[] => values.map((one) => typeof one !== "string" && one.kind === "strings" && one.type.kind === "list" ? { ...one, type: { ...one.type, count: 4 }, strings: one.strings.slice(1) } : one);
    expect(changed((operation) => operation.type === "classify" ? { ...operation, inputs: { ...operation.inputs, classes: fewer(operation.inputs["classes"] ?? []) } } : operation)).toEqual(["COREML_LABELS"]);
  });

  it("in its features is refused", () => {
    expect(changed((operation) => operation, { inputs: [] })).toEqual(["COREML_FEATURES"]);
    expect(changed((operation) => operation, { inputs: model.inputs.map((input) => ({ ...input, type: { kind: "image", width: 9, height: 8, color: "RGB", flexibility: null } })) })).toEqual(["COREML_FEATURES"]);
    expect(changed((operation) => operation, { classifier: { label: "classLabel", probabilities: "elsewhere" } })).toEqual(["COREML_FEATURES"]);
  });

  it("in its version is refused", () => {
    expect(changed((operation) => operation, { specificationVersion: 6 })).toEqual(["COREML_VERSION"]);
  });

  it("by a value that nothing makes, or makes twice, is refused", () => {
    expect(changed((operation) => isConv(operation) ? { ...operation, inputs: { ...operation.inputs, x: ["nowhere"] } } : operation)).toContain("COREML_GRAPH");
    expect(changed((operation) => isConv(operation) ? { ...operation, outputs: [{ name: "w", type: operation.outputs[0]?.type ?? model.program.inputs[0]!.type }] } : operation)).toContain("COREML_GRAPH");
  });

  it("by an operation, an input or a form that is not known is refused by name", () => {
    expect(changed((operation) => isConv(operation) ? { ...operation, type: "lstm" } : operation)).toContain("OP_UNSUPPORTED");
    expect(changed((operation) => isConv(operation) ? { ...operation, inputs: { ...operation.inputs, sparsity: ["w"] } } : operation)).toContain("OP_FORM_UNSUPPORTED");
    expect(changed((operation) => isConv(operation) ? { ...operation, inputs: { x: operation.inputs["x"] ?? [] } } : operation)).toContain("OP_FORM_UNSUPPORTED");
  });
});
