import { type ArmCore, armCompilerVersion, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { failingOnCore } from "./testing/batch.ts";
import { opCases, randomCases } from "./testing/op-case.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools[0] !== null && tools[1];

/** Random networks a core; more with EDGEWISE_RANDOM_NETWORKS. The first seed is EDGEWISE_RANDOM_SEED. */
const networks = Number(process.env["EDGEWISE_RANDOM_NETWORKS"] ?? 8);
const firstSeed = Number(process.env["EDGEWISE_RANDOM_SEED"] ?? 1);
/** What fits in an emulated machine's flash. */
const BATCH = 40;

const runs: readonly { readonly core: ArmCore; readonly family: KernelSet }[] = [
  { core: "cortex-m0plus", family: "thumb" }, { core: "cortex-m3", family: "thumb" }, { core: "cortex-m4", family: "dsp" }, { core: "cortex-m33", family: "dsp" },
];

describe.skipIf(!ready)(`kernel families on emulated cores${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"} are the interpreter's, bit for bit`, () => {
  for (const { core, family } of runs) {
    test(`${family} on ${core}: ${networks} random networks from seed ${firstSeed}`, async () => {
      for (let seed = firstSeed; seed < firstSeed + networks; seed += BATCH) {
        expect(await failingOnCore(randomCases(family, seed, Math.min(BATCH, firstSeed + networks - seed)), core)).toEqual([]);
      }
    }, 600_000);
    test(`${family} on ${core}: each op in its odd forms`, async () => {
      expect(await failingOnCore(opCases(family), core)).toEqual([]);
    }, 120_000);
  }
});
