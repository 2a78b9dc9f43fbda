import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { failingNetworks } from "./testing/batch.ts";
import { opCases, randomCases } from "./testing/op-case.ts";
import { randomEmitInput } from "./testing/quantized-case.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));
const families: readonly KernelSet[] = ["portable", "thumb", "dsp"];

/** Random networks a compiler and family; more with EDGEWISE_RANDOM_NETWORKS. The first seed is EDGEWISE_RANDOM_SEED. */
const networks = Number(process.env["EDGEWISE_RANDOM_NETWORKS"] ?? 8);
const firstSeed = Number(process.env["EDGEWISE_RANDOM_SEED"] ?? 1);
/** Networks in one program: enough to hide the compiler's start, few enough to keep its memory small. */
const BATCH = 40;

for (const { compiler, present } of compilers) {
  describe.skipIf(!present)(`emitted C with ${compiler}${present ? "" : " (not installed)"} is bit-exact, and free of warnings, stray accesses and undefined behaviour`, () => {
    const build = { compiler, flags: ["-O1", ...sanitizerFlags] };
    for (const family of families) {
      test(`${family}: on ${networks} random networks from seed ${firstSeed}`, async () => {
        for (let seed = firstSeed; seed < firstSeed + networks; seed += BATCH) {
          expect(await failingNetworks(randomCases(family, seed, Math.min(BATCH, firstSeed + networks - seed)), build)).toEqual([]);
        }
      }, 600_000);
      test(`${family}: on each op in its odd forms`, async () => {
        expect(await failingNetworks(opCases(family), build)).toEqual([]);
      }, 120_000);
    }
    test("and a golden value that is wrong is reported", async () => {
      const input = randomEmitInput(4);
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
