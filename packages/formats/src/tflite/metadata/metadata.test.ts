import { describe, expect, it } from "vitest";
import type { TfliteProgram } from "../program.ts";
import { readTflite } from "../read.ts";
import { encodeTflite } from "../write/encode.ts";
import { crc32 } from "./crc32.ts";
import { labelFile, labelsIn } from "./labels.ts";
import type { TfliteMetadata } from "./metadata.ts";
import { readTfliteMetadata } from "./read.ts";
import { filesBehind } from "./unzip.ts";
import { zipBehind } from "./zip.ts";

const program: TfliteProgram = {
  name: "main",
  tensors: [{ name: "x", type: "FLOAT32", shape: [1, 4, 4, 3], quant: null, data: null }, { name: "y", type: "FLOAT32", shape: [1, 4, 4, 3], quant: null, data: null }],
  operators: [{ op: "LOGISTIC", version: 1, inputs: [0], outputs: [1], options: {}, origin: { file: "", node: "" } }],
  inputs: [0],
  outputs: [1],
};

const metadata: TfliteMetadata = {
  name: "classifier", description: "Says what is in the picture.", version: "1", author: "", license: "Apache-2.0",
  inputs: [{
    name: "image", description: "The picture", content: { kind: "image", colorSpace: "RGB", sizePx: { width: 4, height: 4 } },
    normalization: { mean: [127.5], std: [127.5] }, range: { min: [-1], max: [1] }, labels: null,
  }],
  outputs: [{ name: "scores", description: "", content: { kind: "feature" }, normalization: null, range: { min: [0], max: [1] }, labels: { file: "labels.txt", of: "axis" } }],
  files: { "labels.txt": labelFile(["cat", "dog", "Käse"]), "notes.txt": new Uint8Array(0) },
};

function codeOf(bytes: Uint8Array): string | null {
  const result = readTfliteMetadata(bytes, { file: "test.tflite" });
  return result.ok ? null : (result.errors[0]?.code ?? "");
}

describe("model metadata", () => {
  it("are read as they were written", () => {
    const read = readTfliteMetadata(encodeTflite(program, { metadata }), { file: "test.tflite" });
    expect(read.ok && read.value).toEqual(metadata);
  });

  it("leave the file a model", () => {
    expect(readTflite(encodeTflite(program, { metadata }), { file: "test.tflite" }).ok).toBe(true);
  });

  it("are the same bytes for equal metadata, whatever the order of their files", () => {
    const files = Object.fromEntries(Object.entries(metadata.files).toReversed());
    expect(encodeTflite(program, { metadata: { ...metadata, files } })).toEqual(encodeTflite(program, { metadata }));
  });

  it("are null for a model without them", () => {
    expect(readTfliteMetadata(encodeTflite(program), { file: "test.tflite" })).toMatchObject({ ok: true, value: null });
  });

  it("of labels of values are told from labels of an axis", () => {
    const outputs = metadata.outputs.map((output) => ({ ...output, labels: { file: "labels.txt", of: "value" as const } }));
    const read = readTfliteMetadata(encodeTflite(program, { metadata: { ...metadata, outputs } }), { file: "test.tflite" });
    expect(read.ok && read.value?.outputs[0]?.labels).toEqual({ file: "labels.txt", of: "value" });
  });

  it("with a byte changed in the labels are refused", () => {
    const bytes = encodeTflite(program, { metadata });
    const at = new TextDecoder("latin1").decode(bytes).indexOf("cat\n");
    bytes[at] = 0x42;
    expect(codeOf(bytes)).toBe("TFLITE_METADATA");
  });

  it("of another kind are refused", () => {
    const bytes = encodeTflite(program, { metadata });
    const at = new TextDecoder("latin1").decode(bytes).indexOf("M001");
    bytes[at] = 0x4e;
    expect(codeOf(bytes)).toBe("TFLITE_METADATA");
  });

  it("of what is no model are refused", () => {
    expect(codeOf(new Uint8Array(64))).toBe("TFLITE_NOT_A_MODEL");
  });

  it("cut off anywhere are metadata or a diagnostic", () => {
    const bytes = encodeTflite(program, { metadata });
    for (let length = 0; length < bytes.length; length++) expect(["TFLITE_METADATA", "TFLITE_NOT_A_MODEL", null]).toContain(codeOf(bytes.slice(0, length)));
  });

  it("with any byte changed are metadata or a diagnostic", () => {
    const bytes = encodeTflite(program, { metadata });
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0x00, 0x7f, 0x80, 0xff]) {
        const changed = bytes.slice();
        changed[at] = value;
        expect(["TFLITE_METADATA", "TFLITE_NOT_A_MODEL", null]).toContain(codeOf(changed));
      }
    }
  });
});

describe("files behind a model", () => {
  const files = { a: Uint8Array.of(1, 2, 3), b: new Uint8Array(0), "ü/c": Uint8Array.of(4) };

  it("come back, behind any number of bytes", () => {
    for (const start of [0, 1, 17]) {
      const zip = zipBehind(start, files);
      const whole = new Uint8Array(start + zip.length);
      whole.set(zip, start);
      expect(filesBehind(whole)).toEqual(files);
    }
  });

  it("come back where the offsets count from the ZIP's own beginning", () => {
    const zip = zipBehind(0, files);
    const whole = new Uint8Array(13 + zip.length);
    whole.set(zip, 13);
    expect(filesBehind(whole)).toEqual(files);
  });

  it("are no bytes when there are none", () => {
    expect(zipBehind(100, {})).toHaveLength(0);
    expect(filesBehind(new Uint8Array(100))).toEqual({});
  });

  it("have the checksum of the standard", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("that stand one over the other are refused", () => {
    const zip = zipBehind(0, { a: new Uint8Array(100), b: new Uint8Array(100) });
    const view = new DataView(zip.buffer);
    const directory = view.getUint32(zip.length - 22 + 16, true);
    const small = zip.slice(131, zip.length);
    const shifted = new DataView(small.buffer);
    for (const record of [0, 47]) shifted.setUint32(directory - 131 + record + 42, 0, true);
    shifted.setUint32(small.length - 22 + 16, directory - 131, true);
    expect(() => filesBehind(small)).toThrow(/one over the other/);
  });

  it("hold names one a line", () => {
    expect(labelsIn(labelFile(["a", "", "b\nc", "ü"]))).toEqual(["a", "", "b c", "ü"]);
    expect(labelsIn(new TextEncoder().encode("a\r\nb\r\n\r\n"))).toEqual(["a", "b"]);
  });
});
