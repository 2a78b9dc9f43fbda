import { buildHost, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { corpusPresent } from "./testing/corpus.ts";
import { goldenPresent, libraryOf, mlperf } from "./testing/mlperf.ts";
import { streamMain } from "./testing/stream-main.ts";

const compiler = await runProcess("gcc", ["--version"]).then(({ code }) => code === 0, () => false);
const missing = [...(compiler ? [] : ["gcc"]), ...(corpusPresent && goldenPresent ? [] : ["the corpus with golden bytes beside it: set EDGEWISE_CORPUS"])];

const families: readonly (readonly [family: KernelSet, isa: string])[] = [["portable", "armv7e-m"], ["thumb", "armv6-m"], ["dsp", "armv7e-m"]];
const INPUTS = 8;

describe.skipIf(missing.length > 0)(`MLPerf Tiny in C on this machine gives the golden bytes, and the interpreter's where there are none${missing.length > 0 ? ` (needs ${missing.join(", ")})` : ""}`, () => {
  for (const [name, open] of Object.entries(mlperf)) {
    test.each(families)(`${name}, kernels: %s`, async (family, isa) => {
      const network = await open();
      const pairs = network.pairs(INPUTS);
      const program = await buildHost({ files: [...(await libraryOf(network.graph, isa, family)).files, streamMain], compiler: "gcc" });
      const { code, stdout } = await program.run({ stdin: Buffer.concat(pairs.map(({ input }) => Buffer.from(input.buffer))) });
      await program.remove();
      expect(code).toBe(0);
      expect(new Int8Array(stdout)).toEqual(Int8Array.from(pairs.flatMap(({ output }) => [...output])));
    }, 120_000);
  }
});
