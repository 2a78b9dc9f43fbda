import { type ArmCore, armCompilerVersion, runProcess, runQemu } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { corpusPresent } from "./testing/corpus.ts";
import { goldenPresent, libraryOf, originals } from "./testing/mlperf.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const missing = [...(tools.every(Boolean) ? [] : ["arm-none-eabi-gcc and qemu-system-arm"]), ...(corpusPresent && goldenPresent ? [] : ["the corpus with golden bytes beside it: set EDGEWISE_CORPUS"])];

const runs: readonly { readonly core: ArmCore; readonly isa: string; readonly family: KernelSet }[] = [
  { core: "cortex-m0plus", isa: "armv6-m", family: "thumb" }, { core: "cortex-m3", isa: "armv7-m", family: "thumb" },
  { core: "cortex-m4", isa: "armv7e-m", family: "dsp" }, { core: "cortex-m7", isa: "armv7e-m", family: "dsp" }, { core: "cortex-m33", isa: "armv8-m", family: "dsp" },
];
/** Of the eight that the host runs. */
const INPUTS = 3;

describe.skipIf(missing.length > 0)(`MLPerf Tiny on emulated cores gives the golden bytes${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`, () => {
  test.each(Object.entries(originals))("%s", async (_, open) => {
    const network = await open();
    const pairs = network.pairs(INPUTS);
    for (const { core, isa, family } of runs) {
      const { files, manifest } = await libraryOf(network.graph, isa, family);
      const { outputs, stackBytes } = await runQemu({ files, prefix: "net", inputs: pairs.map(({ input }) => input), core });
      expect(outputs, `${family} on ${core}`).toEqual(pairs.map(({ output }) => output));
      expect(stackBytes).toBeLessThanOrEqual(Number(manifest.promises["stackBytesBound"]));
    }
  }, 300_000);
});
