import { beforeAll, describe, expect, test } from "vitest";
import { computeType, writeModel } from "../../packages/adapter-coreml/src/lower.ts";
import { type CoremlPrecision, precisions } from "../../packages/adapter-coreml/src/runtime.ts";
import { inPrecision, tensorContract } from "../../packages/adapter-coreml/src/testing/emit-case.ts";
import type { Graph } from "../../packages/graph/src/index.ts";
import { structuralRanges } from "../../packages/quantizer/src/index.ts";
import { corpusFiles, readNet } from "../litert/corpus-nets.ts";
import { type JudgeCase, type Verdict, judge, multiplied } from "./judge.ts";

interface Net {
  readonly name: string;
  readonly precision: CoremlPrecision;
  readonly backend: "cpu" | "all";
  /** Some weights of the file are float. */
  readonly isCompressible: boolean;
}

/** Every float network of the corpus in every precision; compressed ones computed in float32 (CPU) and in float16 (all units). */
const nets: readonly (Net & JudgeCase)[] = corpusFiles().flatMap((file) => {
  const read = readNet(file);
  if (!read.ok || read.value.form !== "float") return [];
  const { graph } = read.value;
  return precisions.flatMap((precision) => (precision === "float32" ? ["cpu" as const] : precision === "float16" ? ["all" as const] : ["cpu" as const, "all" as const]).map((backend) => {
    const ready = inPrecision(graph, precision, structuralRanges(graph));
    const written = writeModel(ready, { precision, backend, contract: tensorContract });
    if (!written.ok) throw new Error(`${file} in ${precision}: ${JSON.stringify(written.errors)}`);
    return { name: `${file} in ${precision} for ${backend}`, precision, backend, files: written.value.written.files, graph: ready, bound: boundOf(ready, { precision, backend }), isCompressible: multiplied(graph).some(([, { quant }]) => quant === null) };
  }));
});

/**
 * Numbers of the type that is computed with stand in the file as they are. In float16 a scale or a table is rounded (2^-11
 * of it, at least half of float16's least step 2^-24, up to 127 times), and the product once more.
 */
function boundOf(graph: Graph, { precision, backend }: Pick<Net, "precision" | "backend">): JudgeCase["bound"] {
  const isPlain = precision !== "int4-palette" && multiplied(graph).every(([, { quant }]) => quant === null);
  return isPlain || computeType({ precision, backend }) === "float32" ? { relative: 0, absolute: 0 } : { relative: 2 ** -10, absolute: 128 * 2 ** -25 };
}

let verdicts: ReadonlyMap<string, Verdict>;
beforeAll(() => { verdicts = new Map(judge(nets).map((verdict) => [verdict.name, verdict])); }, 300_000);

describe("every float network of the corpus", () => {
  test("there are some", () => expect(nets.length).toBeGreaterThan(20));

  test.each(nets)("$name: coremltools types every operation and knows every field", ({ name }) => {
    const { error, unknownFields, operations } = verdicts.get(name)!;
    expect(error).toBeUndefined();
    expect(unknownFields).toEqual([]);
    expect(operations.length).toBeGreaterThan(0);
  });

  test.each(nets)("$name: the weights are what was promised", ({ name }) => {
    const { weights, layers } = verdicts.get(name)!;
    expect(weights.length).toBe(layers);
    for (const { node, ofBound, stored } of weights) expect(ofBound, `${node}, stored as ${stored}`).toBeLessThanOrEqual(1);
  });

  test.each(nets.filter(({ precision, isCompressible }) => isCompressible && precision !== "float32" && precision !== "float16"))("$name: weights are stored compressed", ({ name, precision }) => {
    const stored = verdicts.get(name)!.weights.map((weight) => weight.stored);
    const form = precision === "int4-palette" ? /^constexpr_lut_to_dense/ : /^constexpr_affine_dequantize/;
    expect(stored.some((each) => form.test(each ?? ""))).toBe(true);
  });
});
