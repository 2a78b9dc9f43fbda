import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { expect, test } from "vitest";
import { lowerGraph } from "../../lower.ts";
import { failingNetworks } from "../../testing/batch.ts";
import { valueOrThrow } from "../../testing/quantized-case.ts";
import { addCases } from "./testing/add-cases.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));

test("sums of two activations take the kernel of four elements a word, all but a few", () => {
  const kernels = addCases.map(({ input }) => valueOrThrow(lowerGraph(input.graph, "dsp").program).layers.at(-1)?.kernel);
  expect(kernels.filter((kernel) => kernel === "add_dsp").length).toBeGreaterThanOrEqual(addCases.length - 3);
});

for (const { compiler, present } of compilers) {
  test.skipIf(!present)(`sums in C with ${compiler}${present ? "" : " (not installed)"} are the interpreter's, bit for bit, without stray accesses`, async () => {
    expect(await failingNetworks(addCases, { compiler, flags: ["-O1", ...sanitizerFlags] })).toEqual([]);
  }, 120_000);
}
