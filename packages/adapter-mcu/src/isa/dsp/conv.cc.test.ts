import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { expect, test } from "vitest";
import { lowerGraph } from "../../lower.ts";
import { failingNetworks } from "../../testing/batch.ts";
import { valueOrThrow } from "../../testing/quantized-case.ts";
import { convCases } from "./testing/conv-cases.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));

test("convolutions take the kernel of blocks, with each of its three epilogues", () => {
  const layers = convCases.flatMap(({ input }) => valueOrThrow(lowerGraph(input.graph, "dsp").program).layers);
  expect(layers.every(({ kernel }) => kernel === "conv_dsp")).toBe(true);
  // The stream's first word is the length of its first run.
  expect(layers.some(({ arrays, parameters }) => Number(arrays[0]?.data[0]) < Number(parameters["out_channels"]))).toBe(true);
  expect([...new Set(layers.map(({ parameters }) => parameters["exact"]))].sort()).toEqual([0, 1, 2]);
});

for (const { compiler, present } of compilers) {
  test.skipIf(!present)(`convolutions in C with ${compiler}${present ? "" : " (not installed)"} are the interpreter's, bit for bit, without stray accesses`, async () => {
    expect(await failingNetworks(convCases, { compiler, flags: ["-O1", ...sanitizerFlags] })).toEqual([]);
  }, 120_000);
}
