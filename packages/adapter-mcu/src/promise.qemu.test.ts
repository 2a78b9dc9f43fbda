import { type ArmCore, type Elf, EmulationLimit, armCompilerVersion, runProcess, runQemu, runRp2040 } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { Bundle } from "@edgewise/adapter";
import { emit } from "./emit.ts";
import { prefixOf } from "./emit/names.ts";
import { type SelfTestVector } from "./emit/selftest-file.ts";
import { selfTestVectors } from "./emit/golden.ts";
import { lowerGraph } from "./lower.ts";
import { randomEmitInput, valueOrThrow } from "./testing/quantized-case.ts";

const tools = await Promise.all([armCompilerVersion(), runProcess("qemu-system-arm", ["--version"]).then(({ code }) => code === 0, () => false)]);
const ready = tools[0] !== null && tools[1];

async function emitted(seed: number, isa: string): Promise<{ readonly bundle: Bundle; readonly vectors: readonly SelfTestVector[] }> {
  const input = randomEmitInput(seed, { vectors: 2, isa });
  return { bundle: valueOrThrow(await emit(input)), vectors: valueOrThrow(selfTestVectors(input.golden, valueOrThrow(lowerGraph(input.graph, "portable").program))) };
}

/** What the image holds of the network: its own symbols, by section kind. */
function ownBytes(elf: Elf, prefix: string): { readonly memory: number; readonly constants: number; readonly code: number } {
  const own = elf.symbols.filter(({ name, section }) => section > 0 && (name.startsWith(`${prefix}_`)));
  const sum = (keep: (section: Elf["sections"][number]) => boolean, kind: "object" | "function"): number =>
    own.filter((symbol) => symbol.kind === kind && keep(elf.sections[symbol.section]!)).reduce((total, { bytes }) => total + bytes, 0);
  return {
    memory: sum((section) => section.writable, "object"),
    constants: sum((section) => !section.writable, "object"),
    code: sum((section) => section.executable, "function"),
  };
}

function expectKept({ bundle, elf, stackBytes }: { readonly bundle: Bundle; readonly elf: Elf; readonly stackBytes: number }): void {
  const { promises } = bundle.manifest;
  const found = ownBytes(elf, prefixOf(bundle.manifest.candidate.target));
  expect({ memory: found.memory, constants: found.constants }).toEqual({ memory: promises["staticBytes"], constants: promises["constantBytes"] });
  const data = elf.sections.filter(({ name }) => name === ".data" || name === ".bss").reduce((sum, { bytes }) => sum + bytes, 0);
  // The firmware around the network has no memory of its own; the linker rounds to words.
  expect(data).toBe(Math.ceil(Number(promises["arenaBytes"]) / 4) * 4);
  expect(Math.abs(found.code - Number(promises["codeBytes"]))).toBeLessThanOrEqual(Number(promises["codeToleranceBytes"]));
  expect(stackBytes).toBeLessThanOrEqual(Number(promises["stackBytesBound"]));
}

describe.skipIf(!ready)(`promise and product on emulated cores${ready ? "" : " (needs arm-none-eabi-gcc and qemu-system-arm)"}`, () => {
  const cores: readonly { readonly core: ArmCore; readonly isa: string }[] = [
    { core: "cortex-m0plus", isa: "armv6-m" }, { core: "cortex-m3", isa: "armv7-m" }, { core: "cortex-m4", isa: "armv7e-m" }, { core: "cortex-m33", isa: "armv8-m" },
  ];
  for (const { core, isa } of cores) {
    test(`${core}: outputs are the interpreter's, arena and constants exact, code near, stack below its bound`, async () => {
      for (const seed of [11, 12]) {
        const { bundle, vectors } = await emitted(seed, isa);
        for (const optimize of ["-O2", "-Os"] as const) {
          const result = await runQemu({ files: bundle.files, prefix: "net", inputs: vectors.map(({ input }) => input), core, optimize });
          expect(result.outputs).toEqual(vectors.map(({ output }) => output));
          expectKept({ bundle, ...result });
        }
      }
    }, 120_000);
  }
  test("a Raspberry Pi Pico in rp2040js: the same bytes and the same promise", async () => {
    const { bundle, vectors } = await emitted(21, "armv6-m");
    const result = await runRp2040({ files: bundle.files, prefix: "net", inputs: vectors.map(({ input }) => input) });
    expect(result.outputs).toEqual(vectors.map(({ output }) => output));
    expectKept({ bundle, ...result });
    expect(result.emulatedCycles).toBeGreaterThan(0);
  }, 120_000);
  test("a run too long to emulate is said as such, with the ELF that was built", async () => {
    const { bundle, vectors } = await emitted(21, "armv6-m");
    const run = runRp2040({ files: bundle.files, prefix: "net", inputs: vectors.map(({ input }) => input), maxInstructions: 1000 });
    const error = await run.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EmulationLimit);
    expect(error).toMatchObject({ instructions: 1000, elf: { symbols: expect.arrayContaining([expect.objectContaining({ name: "net_run" })]) } });
  }, 120_000);
});
