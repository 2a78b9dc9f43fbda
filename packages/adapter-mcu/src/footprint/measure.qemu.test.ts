import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type ArmCore, armCompilerVersion, compileArmObject, coreFlags, sizesOf } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import { textFile } from "../emit/library.ts";
import { renderAssembly, renderKernel, renderKernelHeader } from "../emit/kernel-files.ts";
import { renderRun } from "../emit/run-file.ts";
import { renderWeightsHeader } from "../emit/weights-file.ts";
import type { Kernel, KernelName } from "../kernels/kernel.ts";
import { kernels } from "../kernels/registry.ts";
import type { Layer, Program } from "../program.ts";
import type { Core, CoreFootprint, FootprintTable, Optimization, Size } from "./footprint.ts";
import { footprint } from "./table.ts";

const cores: readonly (Core & ArmCore)[] = ["cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m33"];
const levels: readonly Optimization[] = ["-Os", "-O2"];
const compiler = await armCompilerVersion();

const header = textFile("src/ew_kernels.h", renderKernelHeader(Object.values(kernels), "ew"));

async function sizeOf(kernel: Kernel, core: ArmCore, optimize: Optimization): Promise<Size> {
  const source = `src/ew_${kernel.name}.c`;
  const { elf, stackBytes } = await compileArmObject({ files: [header, textFile(source, renderKernel(kernel, "ew"))], source, core, optimize });
  const sizes = sizesOf(elf);
  expect(sizes.dataBytes + sizes.zeroedBytes, `${kernel.name} has no memory of its own`).toBe(0);
  const inner = await assemblyOf(kernel, core);
  return { code: sizes.codeBytes + sizes.constantBytes + inner.code, stack: Object.values(stackBytes).reduce((sum, bytes) => sum + bytes, inner.stack) };
}

/** Assembly that the core has no instructions for is empty, and the C beside it holds the loops. */
async function assemblyOf(kernel: Kernel, core: ArmCore): Promise<Size> {
  const text = renderAssembly(kernel, "ew");
  if (text === null || kernel.assembly === undefined) return { code: 0, stack: 0 };
  const source = `src/ew_${kernel.name}_inner.S`;
  const { elf } = await compileArmObject({ files: [textFile(source, text)], source, core, optimize: "-O2" });
  const code = sizesOf(elf).codeBytes;
  return { code, stack: code === 0 ? 0 : kernel.assembly.stackBytes };
}

/** A network of `count` additions that wander through the arena. */
function sample(count: number): Program {
  const offsets = new Map(Array.from({ length: count + 2 }, (_, i) => [`v${i}`, (i * 7919) % 30000] as const));
  const layers = Array.from({ length: count }, (_, i): Layer => ({
    kernel: "add", op: "Add", origin: { file: "", node: "" }, parameters: {}, arrays: [], inputs: [`v${i}`, `v${i + 1}`], output: `v${i + 2}`,
    outputOffsetBytes: 0, overlapBytes: [0, 0], scratchBytes: 0, macs: 0,
  }));
  const port = (id: string) => ({ id, activation: id, shape: [1], layout: { factors: [], order: [] }, quant: { kind: "affine" as const, scale: [1], zeroPoint: [0], axis: null } });
  return { name: "sample", input: port("v0"), output: port("v1"), layers, activations: [], offsets, arenaBytes: 32000 };
}

async function runSize(count: number, core: ArmCore, optimize: Optimization): Promise<Size> {
  const program = sample(count);
  const publicHeader = "#include <stdint.h>\n#define EW_ARENA_BYTES 32000\nint8_t *ew_input(void);\nconst int8_t *ew_output(void);\nvoid ew_run(void);\n";
  const files = [header, textFile("include/ew.h", publicHeader), textFile("src/ew_weights.h", renderWeightsHeader(program, "ew")), textFile("src/ew.c", renderRun(program, "ew"))];
  const { elf, stackBytes } = await compileArmObject({ files, source: "src/ew.c", core, optimize });
  return { code: sizesOf(elf).codeBytes, stack: stackBytes["ew_run"] ?? 0 };
}

async function measureCore(core: ArmCore): Promise<CoreFootprint> {
  const measured: Record<string, Record<string, Size>> = {};
  const run: Record<string, { base: number; perLayer: number; stack: number }> = {};
  for (const optimize of levels) {
    for (const kernel of Object.values(kernels)) (measured[kernel.name] ??= {})[optimize] = await sizeOf(kernel, core, optimize);
    const [few, many] = [await runSize(8, core, optimize), await runSize(40, core, optimize)];
    const perLayer = (many.code - few.code) / 32;
    run[optimize] = { base: Math.round(few.code - 8 * perLayer), perLayer, stack: Math.max(few.stack, many.stack) };
  }
  return { kernels: measured as Readonly<Record<KernelName, Record<Optimization, Size>>>, run: run as CoreFootprint["run"] };
}

/** One line a kernel, so that a change of one shows as one line. */
function tableSource({ compiler: name, flags, cores: rows }: FootprintTable): string {
  const text = Object.entries(rows).map(([core, { kernels: sizes, run }]) => {
    const lines = Object.entries(sizes).map(([kernel, size]) => `        ${JSON.stringify(kernel)}: ${JSON.stringify(size)},`);
    return `    ${JSON.stringify(core)}: {\n      kernels: {\n${lines.join("\n")}\n      },\n      run: ${JSON.stringify(run)},\n    },`;
  });
  return `import type { FootprintTable } from "./footprint.ts";

/** Bytes, made by measure.qemu.test.ts. */
export const footprint: FootprintTable = {
  compiler: ${JSON.stringify(name)},
  flags: ${JSON.stringify(flags)},
  cores: {
${text.join("\n")}
  },
};
`;
}

/** Re-measure and rewrite the table with EDGEWISE_UPDATE_FOOTPRINT=1. */
describe.skipIf(compiler === null)("code and stack of the kernels (needs arm-none-eabi-gcc)", () => {
  test("the committed table is what the pinned compiler gives", async () => {
    const measured: FootprintTable = {
      compiler: `arm-none-eabi-gcc ${compiler}`, flags: coreFlags("cortex-m4").slice(1).join(" "),
      cores: Object.fromEntries(await Promise.all(cores.map(async (core) => [core, await measureCore(core)] as const))) as Record<Core, CoreFootprint>,
    };
    if (process.env["EDGEWISE_UPDATE_FOOTPRINT"] === "1") {
      await writeFile(fileURLToPath(new URL("./table.ts", import.meta.url)), tableSource(measured));
      return;
    }
    expect(measured).toEqual(footprint);
  });
});
