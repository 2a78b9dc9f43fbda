import { quantizeGraph, structuralRanges } from "@edgewise/quantizer";
import { canonicalize } from "@edgewise/graph/passes";
import { parseGraph } from "@edgewise/graph";
import { describe, expect, test } from "vitest";
import { lowerGraph } from "../../lower.ts";
import type { Program } from "../../program.ts";
import { opGraphs } from "../../testing/op-graphs.ts";
import { randomFloatGraph, randomRanges, valueOrThrow } from "../../testing/quantized-case.ts";
import { thumbRules } from "./rules.ts";

const constantBytes = ({ layers }: Program): number => layers.flatMap(({ arrays }) => arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
const kernelsOf = ({ layers }: Program): readonly string[] => layers.map(({ kernel }) => kernel);

/** Networks before and after calibration, lowered for the family. */
const programs = [
  ...Array.from({ length: 60 }, (_, seed) => ({ seed, graph: randomFloatGraph(seed) })),
  ...Object.values(opGraphs).map((text, seed) => ({ seed, graph: valueOrThrow(canonicalize(parseGraph(text))) })),
].map(({ seed, graph }) => ({
  seed,
  placeholders: valueOrThrow(lowerGraph(valueOrThrow(quantizeGraph(graph, structuralRanges(graph))), "thumb", "provisional").program),
  final: valueOrThrow(lowerGraph(valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed))), "thumb", "final").program),
}));

describe("kernels in ARMv6-M instructions", () => {
  test("placeholder numbers promise no fewer constants and no less memory than final ones take", () => {
    for (const { placeholders, final } of programs) {
      expect(constantBytes(final)).toBeLessThanOrEqual(constantBytes(placeholders));
      expect(final.arenaBytes).toBeLessThanOrEqual(placeholders.arenaBytes);
    }
  });
  test("hardly a layer is left to a portable kernel that the family stands for", () => {
    const drawn = programs.flatMap(({ final }) => kernelsOf(final));
    for (const kernel of ["conv_thumb", "depthwise_thumb"]) expect(drawn).toContain(kernel);
    const left = drawn.filter((kernel) => kernel !== "add" && kernel in thumbRules).length;
    expect(left).toBeLessThanOrEqual(drawn.length / 20);
  });
});
