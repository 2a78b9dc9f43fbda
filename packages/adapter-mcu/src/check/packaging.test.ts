import { type Bundle, encodeUtf8 } from "@edgewise/adapter";
import { describe, expect, test } from "vitest";
import { emit } from "../emit.ts";
import { randomEmitInput, valueOrThrow } from "../testing/quantized-case.ts";
import { checkPackaging } from "./packaging.ts";
import { readSource } from "./source.ts";

const bundle = valueOrThrow(await emit(randomEmitInput(5)));

function without(path: string): Bundle {
  return { ...bundle, files: bundle.files.filter((file) => file.path !== path) };
}

function rewritten(path: string, change: (text: string) => string): Bundle {
  return { ...bundle, files: bundle.files.map((file) => (file.path === path ? { path, bytes: encodeUtf8(change(readSource(file))) } : file)) };
}

const found = (of: Bundle): readonly unknown[] => checkPackaging(of, "net").map(({ code, subject }) => [code, subject.kind === "file" ? subject.path : null]);

describe("what build systems read of a bundle", () => {
  test("fits as it was emitted", () => {
    expect(found(bundle)).toEqual([]);
  });

  test("a description that breaks Arduino's format is refused, with the fields", () => {
    const broken = rewritten("library.properties", (text) => text.replace(/^version=.*$/m, "version=1").replace(/^category=.*\n/m, ""));
    expect(found(broken)).toEqual([["BUNDLE_LIBRARY_PROPERTIES", "library.properties"]]);
    expect(checkPackaging(broken, "net")[0]?.found).toBe("version, category");
    expect(found(without("library.properties"))).toEqual([["BUNDLE_LIBRARY_PROPERTIES", "library.properties"]]);
  });

  test("a public header that Arduino cannot find is refused", () => {
    expect(found(without("src/net.h"))).toEqual([["BUNDLE_HEADER_UNREACHABLE", "library.properties"], ["BUNDLE_HEADER_UNREACHABLE", "src/net.h"]]);
    expect(found(rewritten("src/net.h", () => "#include <net.h>\n"))).toEqual([["BUNDLE_HEADER_UNREACHABLE", "src/net.h"]]);
  });

  test("a source that CMake leaves out, or that is not there, is refused", () => {
    const broken = [["BUNDLE_BUILD_FILE", "CMakeLists.txt"]];
    expect(found(rewritten("CMakeLists.txt", (text) => text.replace("  src/net_weights.c\n", "")))).toEqual(broken);
    expect(found(rewritten("CMakeLists.txt", (text) => text.replace("  src/net.c\n", "  src/net.c\n  src/other.c\n")))).toEqual(broken);
    expect(found({ ...bundle, files: [...bundle.files, { path: "src/net_inner.S", bytes: encodeUtf8("") }] })).toEqual(broken);
  });

  test("a sketch beside its folder's name and an example without its header are refused", () => {
    const moved = bundle.files.map((file) => (file.path.endsWith(".ino") ? { ...file, path: "examples/RunNetwork/Other.ino" } : file));
    expect(found({ ...bundle, files: moved })).toEqual([["BUNDLE_EXAMPLE", "examples/RunNetwork/Other.ino"]]);
    expect(found(without("examples/RunNetwork/golden.h"))).toEqual([["BUNDLE_EXAMPLE", "examples/RunNetwork/RunNetwork.ino"], ["BUNDLE_EXAMPLE", "examples/main.c"]]);
  });
});
