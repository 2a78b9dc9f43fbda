import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { expect, test } from "vitest";
import { lowerGraph } from "../../lower.ts";
import { failingNetworks } from "../../testing/batch.ts";
import { valueOrThrow } from "../../testing/quantized-case.ts";
import { depthwiseCases } from "./testing/depthwise-cases.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));

test("rectified depthwise convolutions take the affine kernel, others the one with both roundings", () => {
  const kernels = depthwiseCases.filter(({ name }) => !name.startsWith("1 x 1")).map(({ name, input }) =>
    [name.split(", ").at(-1) ?? "", valueOrThrow(lowerGraph(input.graph, "dsp").program).layers[0]?.kernel ?? ""] as const);
  expect([...new Set(kernels.map((pair) => pair.join(": ")))].sort()).toEqual(["clamped: depthwise_exact_dsp", "free: depthwise_exact_dsp", "rectified: depthwise_dsp"]);
});

for (const { compiler, present } of compilers) {
  test.skipIf(!present)(`depthwise convolutions in C with ${compiler}${present ? "" : " (not installed)"} are the interpreter's, bit for bit, without stray accesses`, async () => {
    expect(await failingNetworks(depthwiseCases, { compiler, flags: ["-O1", ...sanitizerFlags] })).toEqual([]);
  }, 120_000);
}
