import { describe, expect, test } from "vitest";
import type { Bundle } from "./bundle.ts";
import { checkFiles } from "./check-files.ts";
import { digest } from "./digest.ts";
import { encodeUtf8 } from "./text.ts";

const files = [{ path: "README.md", bytes: encodeUtf8("read me") }, { path: "src/net.c", bytes: encodeUtf8("int x;") }];
const bundle: Bundle = {
  files,
  manifest: {
    version: 1, plan: "plan", licence: null, costs: {}, promises: {},
    candidate: {
      id: "id", target: "meter", device: "device", placement: "device", model: "model", file: "m.onnx", family: "f", variant: "v", resolution: null,
      precision: "int8", runtime: "runtime", runtimeVersion: "1.0.0", backend: "backend",
    },
    contract: { input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "tensor" } },
    files: files.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: digest(bytes) })),
  },
};

const found = (changed: Bundle["files"]): readonly unknown[] => checkFiles({ ...bundle, files: changed }).map(({ code, subject }) => [code, subject.kind === "file" ? subject.path : null]);
const [readme, source] = files as [Bundle["files"][number], Bundle["files"][number]];

describe("files of a bundle", () => {
  test("as sealed are not complained about", () => {
    expect(checkFiles(bundle)).toEqual([]);
  });

  test("one changed byte is named, wherever it is", () => {
    for (let at = 0; at < source.bytes.length; at += 1) {
      const bytes = source.bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(found([readme, { path: source.path, bytes }])).toEqual([["BUNDLE_FILE_CHANGED", "bundles/meter/src/net.c"]]);
    }
  });

  test("one missing and one too many are named", () => {
    expect(found([readme])).toEqual([["BUNDLE_FILE_MISSING", "bundles/meter/src/net.c"]]);
    expect(found([...files, { path: "x.txt", bytes: readme.bytes }])).toEqual([["BUNDLE_STRAY_FILE", "bundles/meter/x.txt"]]);
  });
});
