import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { lowerGraph } from "../../lower.ts";
import { failingNetworks } from "../../testing/batch.ts";
import { valueOrThrow } from "../../testing/quantized-case.ts";
import { denseCases } from "./testing/dense-cases.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));

test("layers of one row take their own kernel, in each of its four kinds", () => {
  const kinds = denseCases.map(({ input }) => valueOrThrow(lowerGraph(input.graph, "dsp").program).layers.map(({ kernel, parameters }) => [kernel, parameters["kind"]]));
  expect(kinds.every((layers) => layers.length === 1 && layers[0]?.[0] === "dense_dsp")).toBe(true);
  expect([...new Set(kinds.map(([first]) => first?.[1]))].sort()).toEqual([0, 1, 2, 3]);
});

for (const { compiler, present } of compilers) {
  test.skipIf(!present)(`a dense row in C with ${compiler}${present ? "" : " (not installed)"} is the interpreter's, bit for bit, without stray accesses`, async () => {
    expect(await failingNetworks(denseCases, { compiler, flags: ["-O1", ...sanitizerFlags] })).toEqual([]);
  }, 120_000);
}

describe("constants before calibration", () => {
  test("are never fewer than those of the product", () => {
    for (const { name, input } of denseCases) {
      const bytes = (["final", "provisional"] as const).map((numbers) =>
        valueOrThrow(lowerGraph(input.graph, "dsp", numbers).program).layers.flatMap(({ arrays }) => arrays).reduce((sum, { data }) => sum + data.byteLength, 0));
      expect(bytes[0], name).toBeLessThanOrEqual(bytes[1] ?? 0);
    }
  });
});
