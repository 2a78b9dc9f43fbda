import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { lowerGraph } from "../../lower.ts";
import type { Layer } from "../../program.ts";
import { failingNetworks } from "../../testing/batch.ts";
import { valueOrThrow } from "../../testing/quantized-case.ts";
import { dataOf, numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { layerCases } from "./testing/layer-cases.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));

const layerOf = (index: number, numbers: Numbers = "final"): Layer => valueOrThrow(lowerGraph(layerCases[index]!.input.graph, "thumb", numbers).program).layers[0]!;
const layers = layerCases.map((_, index) => layerOf(index));

test("every layer takes a kernel of the family; pairs of channels spill, spill not, and are careful; results are lines and are not", () => {
  expect([...new Set(layers.map(({ kernel }) => kernel))].sort()).toEqual(["conv_thumb", "dense_thumb", "depthwise_thumb"]);
  const heads = layers.filter(({ kernel }) => kernel === "conv_thumb").map((layer) => dataOf(layer, "stream")[0]! >>> 0);
  expect([...new Set(heads.map((head) => ((head & 255) === 255 ? "careful" : (head & 0xffff) === 0 ? "none" : "spilled")))].sort()).toEqual(["careful", "none", "spilled"]);
  expect(new Set(heads.map((head) => head >>> 31)).size).toBe(2);
  expect(new Set(layers.filter(({ kernel }) => kernel === "depthwise_thumb").map((layer) => numberOf(layer, "product_shift") > 0)).size).toBe(2);
});

for (const { compiler, present } of compilers) {
  test.skipIf(!present)(`their C with ${compiler}${present ? "" : " (not installed)"} is the interpreter's, bit for bit, without stray accesses`, async () => {
    expect(await failingNetworks(layerCases, { compiler, flags: ["-O1", ...sanitizerFlags] })).toEqual([]);
  }, 120_000);
}

describe("placeholder numbers", () => {
  test("take no fewer constants and no less working memory than final ones", () => {
    for (const [index, { name }] of layerCases.entries()) {
      const bytes = (layer: Layer): number => layer.arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
      const [final, placeholders] = [layerOf(index), layerOf(index, "provisional")];
      expect(bytes(final), name).toBeLessThanOrEqual(bytes(placeholders));
      expect(final.scratchBytes, name).toBeLessThanOrEqual(placeholders.scratchBytes);
      expect(final.overlapBytes[0], name).toBeGreaterThanOrEqual(placeholders.overlapBytes[0]!);
    }
  });
});
