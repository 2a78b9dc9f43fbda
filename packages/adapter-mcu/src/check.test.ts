import { type Bundle, digest, encodeUtf8 } from "@edgewise/adapter";
import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import { readSource } from "./check/source.ts";
import { emit } from "./emit.ts";
import { randomEmitInput, valueOrThrow } from "./testing/quantized-case.ts";

/** A bundle with one file rewritten, digests brought up to date: what a wrong emitter would have made. */
function rewritten(bundle: Bundle, path: string, change: (text: string) => string): Bundle {
  const files = bundle.files.map((file) => (file.path === path ? { path, bytes: encodeUtf8(change(readSource(file))) } : file));
  return { files, manifest: { ...bundle.manifest, files: files.map((file) => ({ path: file.path, bytes: file.bytes.byteLength, sha256: digest(file.bytes) })) } };
}

async function codesOf(bundle: Bundle): Promise<readonly string[]> {
  return [...new Set((await check(bundle)).map(({ code }) => code))];
}

describe("check of a bundle", async () => {
  const bundle = valueOrThrow(await emit(randomEmitInput(5)));

  test("what was emitted keeps its promises", async () => {
    expect(await check(bundle)).toEqual([]);
  });
  test("the same input gives the same bytes", async () => {
    expect(valueOrThrow(await emit(randomEmitInput(5)))).toEqual(bundle);
  });
  test("a changed, a missing and an extra file are named", async () => {
    const [first, ...rest] = bundle.files;
    const changed = { ...bundle, files: [{ path: first!.path, bytes: encodeUtf8("x") }, ...rest] };
    expect(await codesOf(changed)).toEqual(["BUNDLE_FILE_CHANGED"]);
    expect(await codesOf({ ...bundle, files: rest })).toEqual(["BUNDLE_FILE_MISSING"]);
    expect(await codesOf({ ...bundle, files: [...bundle.files, { path: "x.txt", bytes: encodeUtf8("x") }] })).toEqual(["BUNDLE_STRAY_FILE"]);
  });
  test("an arena that grew breaks its promise", async () => {
    expect(await codesOf(rewritten(bundle, "include/net.h", (text) => text.replace(/ARENA_BYTES (\d+)/, "ARENA_BYTES 1$1")))).toEqual(["BUNDLE_PROMISE"]);
  });
  test("memory beside the arena is found", async () => {
    expect(await codesOf(rewritten(bundle, "src/net.c", (text) => text.replace("void net_run", "static int32_t count;\n\nvoid net_run")))).toEqual(["BUNDLE_STATIC_MEMORY"]);
  });
  test("a dropped weight and a dropped call break their promises", async () => {
    expect(await codesOf(rewritten(bundle, "src/net_weights.c", (text) => text.replace(/(\{ \/\*[^\n]*\n)(\s*)-?\d+, /, "$1$2")))).toEqual(["BUNDLE_CONSTANT_COUNT"]);
    expect(await codesOf(rewritten(bundle, "src/net.c", (text) => text.replace(/^ {4}net_\w+\(&.*\n/m, "")))).toEqual(["BUNDLE_PROMISE"]);
  });
  test("allocation and floating point are refused in the sources, not in their comments", async () => {
    expect(await codesOf(rewritten(bundle, "src/net.c", (text) => `${text}/* no float, no malloc */\n`))).toEqual([]);
    expect(await codesOf(rewritten(bundle, "src/net.c", (text) => `${text}int f(void) { return (int)1.0f * (int)(float)2; }\n`))).toEqual(["BUNDLE_FORBIDDEN_WORD"]);
  });
});
