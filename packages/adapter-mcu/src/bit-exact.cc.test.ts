import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { failingNetworks } from "./testing/batch.ts";
import { dealt, opCases, randomCases } from "./testing/op-case.ts";
import { randomEmitInput } from "./testing/quantized-case.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));
const families: readonly KernelSet[] = ["portable", "thumb", "dsp"];

/** Random networks, dealt out to the families; CI asks for 2,000. A failure names its seed. */
const networks = Number(process.env["EDGEWISE_RANDOM_NETWORKS"] ?? 24);
const firstSeed = Number(process.env["EDGEWISE_RANDOM_SEED"] ?? 1);
/** The second compiler is there for its warnings and its sanitizers, not for more of the same numbers. */
const CLANG_NETWORKS = 60;
/** Networks in one program: enough to hide the compiler's start, few enough to keep its memory small. */
const BATCH = 60;

for (const { compiler, present } of compilers) {
  describe.skipIf(!present)(`emitted C with ${compiler}${present ? "" : " (not installed)"} is bit-exact, and free of warnings, stray accesses and undefined behaviour`, () => {
    const build = { compiler, flags: ["-O1", ...sanitizerFlags] };
    const count = compiler === "gcc" ? networks : Math.min(networks, CLANG_NETWORKS);
    const batches = dealt({ first: firstSeed, count }, families.length, BATCH);
    families.forEach((family, i) => {
      test(`${family}: its share of ${count} random networks from seed ${firstSeed}`, async () => {
        for (const seeds of batches[i] ?? []) expect(await failingNetworks(randomCases(family, seeds), build)).toEqual([]);
      }, 900_000);
      test(`${family}: each op in its odd forms`, async () => {
        expect(await failingNetworks(opCases(family), build)).toEqual([]);
      }, 180_000);
    });
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
