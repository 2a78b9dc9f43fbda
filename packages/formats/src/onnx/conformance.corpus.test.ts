import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Graph, type Tensor, InterpretError, interpret } from "@edgewise/graph";
import { decodeTensor } from "@edgewise/graph/ops";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WireError } from "../protobuf/wire.ts";
import { decodeTensorFile } from "./decode.ts";
import { isOpName } from "./problems.ts";
import { readOnnx } from "./read.ts";
import { storedTensor } from "./tensor.ts";

/**
 * ONNX's own node tests, all of them. The manifest lists each with "pass" or the reason why it is not run; a difference in
 * either direction is a failure. Regenerate: EDGEWISE_WRITE_MANIFEST=1 npx vitest run <this file>, and review the diff.
 */

const corpus = process.env["EDGEWISE_CORPUS"] ?? join(import.meta.dirname, "../../../../../shared/corpus");
const archive = join(corpus, "data/onnx-backend-tests/node.tar.xz");
const manifestFile = join(import.meta.dirname, "conformance-manifest.json");

/** Tolerances of the ONNX test runner itself: onnx.backend.test.runner, assert_similar_outputs. */
const RELATIVE = 1e-3;
const ABSOLUTE = 1e-7;

let folder = "";

function tensorFile(path: string): Tensor | null {
  let proto: ReturnType<typeof decodeTensorFile>;
  try {
    proto = decodeTensorFile(readFileSync(path));
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
  const stored = storedTensor(proto, undefined);
  return "code" in stored ? null : decodeTensor(stored.dtype, stored.shape, stored.bytes);
}

function close(expected: number, found: number): boolean {
  if (Object.is(expected, found) || expected === found) return true;
  if (Number.isNaN(expected) || Number.isNaN(found)) return Number.isNaN(expected) && Number.isNaN(found);
  return Math.abs(expected - found) <= ABSOLUTE + RELATIVE * Math.abs(expected);
}

function difference(expected: Tensor, found: Tensor | undefined): string | null {
  if (found === undefined) return "an output is missing";
  if (found.dtype !== expected.dtype) return `type ${found.dtype}, not ${expected.dtype}`;
  if (found.shape.join() !== expected.shape.join()) return `shape [${found.shape.join()}], not [${expected.shape.join()}]`;
  const isFloat = expected.data instanceof Float32Array || expected.data instanceof Float64Array;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [expected.data[i], found.data[i]];
    if (isFloat ? !close(Number(a), Number(b)) : a !== b) return `element ${i} is ${b}, not ${a}`;
  }
  return null;
}

function portFiles(set: string, kind: "input" | "output"): readonly string[] {
  return readdirSync(set).filter((file) => file.startsWith(`${kind}_`)).sort((a, b) => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0])).map((file) => join(set, file));
}

function runSet(graph: Graph, inputs: readonly string[], set: string): string | null {
  const feeds = new Map<string, Tensor>();
  for (const [index, path] of portFiles(set, "input").entries()) {
    const tensor = tensorFile(path);
    if (tensor === null) return "not a tensor: an input is a sequence, map, optional or string";
    feeds.set(inputs[index] ?? "", tensor);
  }
  const results = interpret(graph, feeds);
  for (const [index, path] of portFiles(set, "output").entries()) {
    const expected = tensorFile(path);
    if (expected === null) return "not a tensor: an output is a sequence, map, optional or string";
    const wrong = difference(expected, results.get(graph.outputs[index] ?? ""));
    if (wrong !== null) return `differs: output ${index}: ${wrong}`;
  }
  return null;
}

/** "pass", or why not. Reasons that begin with "differs" or "fails" are mistakes of ours. */
function verdict(name: string): string {
  const test = join(folder, "node", name);
  const read = readOnnx(readFileSync(join(test, "model.onnx")), { file: `${name}.onnx` });
  if (!read.ok) {
    const ops = new Set(read.errors.filter(({ code }) => code === "OP_UNSUPPORTED").map(({ found }) => found));
    return ops.size > 0 ? `op not in vocabulary: ${[...ops].sort().join(", ")}` : `refused: ${read.errors[0]?.code}: ${read.errors[0]?.summary}`;
  }
  try {
    for (const set of readdirSync(test).filter((entry) => entry.startsWith("test_data_set_")).sort()) {
      const wrong = runSet(read.value, read.value.inputs, join(test, set));
      if (wrong !== null) return wrong;
    }
    return "pass";
  } catch (error) {
    if (error instanceof InterpretError) return `fails: ${error.diagnostic.code}: ${error.message}`;
    throw error;
  }
}

describe.skipIf(!existsSync(archive))("ONNX node tests (need the corpus)", () => {
  const verdicts: Record<string, string> = {};

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "edgewise-onnx-"));
    const unpacked = spawnSync("tar", ["-xJf", archive, "-C", folder], { encoding: "utf8" });
    if (unpacked.status !== 0) throw new Error(`tar could not unpack the node tests: ${unpacked.stderr}`);
    for (const name of readdirSync(join(folder, "node")).sort()) verdicts[name] = verdict(name);
    if (process.env["EDGEWISE_WRITE_MANIFEST"] === "1") writeFileSync(manifestFile, `${JSON.stringify(verdicts, null, 1)}\n`);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are all 1453 accounted for, exactly as the manifest says", () => {
    expect(Object.keys(verdicts).length).toBe(1453);
    expect(verdicts).toEqual(JSON.parse(readFileSync(manifestFile, "utf8")));
  });

  it("pass wherever every op is in the vocabulary", () => {
    const wrong = Object.entries(verdicts).filter(([, text]) => /^(differs|fails)/.test(text));
    expect(wrong).toEqual([]);
    const named = Object.values(verdicts).flatMap((text) => /^op not in vocabulary: (.*)$/.exec(text)?.[1]?.split(", ") ?? []);
    expect(named.filter(isOpName)).toEqual([]);
  });
});
