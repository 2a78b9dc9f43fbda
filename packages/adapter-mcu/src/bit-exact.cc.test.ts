import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph } from "@edgewise/quantizer";
import { describe, expect, test } from "vitest";
import { type BatchCase, failingNetworks } from "./testing/batch.ts";
import { opGraphs } from "./testing/op-graphs.ts";
import { emitInput, goldenVectors, randomEmitInput, randomRanges, valueOrThrow } from "./testing/quantized-case.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));

/** Random networks a compiler; more with EDGEWISE_RANDOM_NETWORKS. The first seed is EDGEWISE_RANDOM_SEED. */
const networks = Number(process.env["EDGEWISE_RANDOM_NETWORKS"] ?? 8);
const firstSeed = Number(process.env["EDGEWISE_RANDOM_SEED"] ?? 1);
/** Networks in one program: enough to hide the compiler's start, few enough to keep its memory small. */
const BATCH = 40;

function opCase([name, text]: readonly [string, string], seed: number): BatchCase {
  const graph = valueOrThrow(canonicalize(parseGraph(text)));
  const quantized = valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed)));
  return { name, input: emitInput({ graph, quantized, golden: goldenVectors(quantized, seed, 3) }) };
}

for (const { compiler, present } of compilers) {
  describe.skipIf(!present)(`emitted C with ${compiler}${present ? "" : " (not installed)"} is bit-exact, and free of warnings, stray accesses and undefined behaviour`, () => {
    test(`on ${networks} random networks from seed ${firstSeed}`, async () => {
      for (let seed = firstSeed; seed < firstSeed + networks; seed += BATCH) {
        const cases = Array.from({ length: Math.min(BATCH, firstSeed + networks - seed) }, (_, i) => ({ name: `seed ${seed + i}`, input: randomEmitInput(seed + i) }));
        expect(await failingNetworks(cases, { compiler, flags: ["-O1", ...sanitizerFlags] })).toEqual([]);
      }
    }, 600_000);
    test("on each op in its odd forms", async () => {
      const cases = Object.entries(opGraphs).map((entry, i) => opCase(entry, 100 + i));
      expect(await failingNetworks(cases, { compiler, flags: ["-O1", ...sanitizerFlags] })).toEqual([]);
    }, 120_000);
    test("and a golden value that is wrong is reported", async () => {
      const input = randomEmitInput(3);
      const [first, ...rest] = input.golden;
      // The far end of the int8 range from the first output, which is a float32 number.
      const output = first!.output.slice();
      const view = new DataView(output.buffer);
      view.setFloat32(0, view.getFloat32(0, true) > 0 ? -1e9 : 1e9, true);
      const wrong = { name: "wrong", input: { ...input, golden: [{ ...first!, output }, ...rest] } };
      expect(await failingNetworks([wrong, { name: "right", input }], { compiler, flags: [] })).toEqual(["wrong"]);
    });
  });
}
