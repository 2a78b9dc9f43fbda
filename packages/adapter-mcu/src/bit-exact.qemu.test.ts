import { type ArmCore, armCompilerVersion, runProcess } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { failingOnCore } from "./testing/batch.ts";
import { dealt, opCases, randomCases } from "./testing/op-case.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools[0] !== null && tools[1];

/** Random networks, dealt out to the cores; CI asks for 2,000. A failure names its seed. */
const networks = Number(process.env["EDGEWISE_RANDOM_NETWORKS"] ?? 24);
const firstSeed = Number(process.env["EDGEWISE_RANDOM_SEED"] ?? 1);
/** What fits in an emulated machine's flash. */
const BATCH = 60;

const runs: readonly { readonly core: ArmCore; readonly family: KernelSet }[] = [
  { core: "cortex-m0plus", family: "thumb" }, { core: "cortex-m3", family: "thumb" }, { core: "cortex-m4", family: "dsp" }, { core: "cortex-m33", family: "dsp" },
];

describe.skipIf(!ready)(`kernel families on emulated cores${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"} are the interpreter's, bit for bit`, () => {
  const batches = dealt({ first: firstSeed, count: networks }, runs.length, BATCH);
  runs.forEach(({ core, family }, i) => {
    test(`${family} on ${core}: its share of ${networks} random networks from seed ${firstSeed}`, async () => {
      for (const seeds of batches[i] ?? []) expect(await failingOnCore(randomCases(family, seeds), core)).toEqual([]);
    }, 900_000);
    test(`${family} on ${core}: each op in its odd forms`, async () => {
      expect(await failingOnCore(opCases(family), core)).toEqual([]);
    }, 180_000);
  });
});
