import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BundleFile } from "@edgewise/adapter";
import { type ArmCore, linkArmImage } from "./arm.ts";
import { type Elf, readElf } from "./elf.ts";
import { type FirmwareMap, type FirmwareReport, mainProgram, readReport, startFiles } from "./firmware.ts";
import { runProcess } from "./host-cc.ts";

/** QEMU machine for a core's code; ARMv6-M code runs on the ARMv7-M machine, whose instructions include it. */
const machines: Readonly<Record<ArmCore, { readonly machine: string; readonly map: FirmwareMap }>> = {
  "cortex-m0plus": { machine: "mps2-an385", map: mps2() },
  "cortex-m3": { machine: "mps2-an385", map: mps2() },
  "cortex-m4": { machine: "mps2-an386", map: mps2() },
  "cortex-m7": { machine: "mps2-an500", map: mps2() },
  "cortex-m33": { machine: "mps2-an505", map: { flashAddress: 0x10000000, flashBytes: 0x400000, ramAddress: 0x38000000, ramBytes: 0x400000 } },
  "cortex-m55": { machine: "mps3-an547", map: { flashAddress: 0, flashBytes: 0x80000, ramAddress: 0x20000000, ramBytes: 0x80000 } },
};

function mps2(): FirmwareMap {
  return { flashAddress: 0, flashBytes: 0x400000, ramAddress: 0x20000000, ramBytes: 0x400000 };
}

/** Output and exit by semihosting: SYS_WRITEC (3) and SYS_EXIT (0x18). Source: Arm semihosting specification. */
const semihosting = `
static void semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void put_char(char letter)
{
    semihost(3, &letter);
}

void stop(void)
{
    semihost(0x18, (const void *)0x20026);
    for (;;) {}
}
`;

export interface EmulatedRun {
  readonly files: readonly BundleFile[];
  readonly prefix: string;
  readonly inputs: readonly Int8Array[];
  readonly core: ArmCore;
  readonly optimize?: "-Os" | "-O2";
}

export interface EmulatedResult extends FirmwareReport {
  readonly elf: Elf;
}

/** Builds a bundle's library into bare-metal firmware and runs it in QEMU. */
export async function runQemu({ files, prefix, inputs, core, optimize = "-O2" }: EmulatedRun): Promise<EmulatedResult> {
  const library = files.filter(({ path }) => path.startsWith("include/") || path.startsWith("src/"));
  const main = mainProgram(prefix, inputs);
  const { text, elf } = await runProgram({ files: [...library, main], core, optimize });
  return { ...readReport(text), elf };
}

export interface ProgramRun {
  /** C and assembly with a main, which may use `void put_text(const char *)`. */
  readonly files: readonly BundleFile[];
  readonly core: ArmCore;
  readonly optimize?: "-Os" | "-O2";
  readonly defines?: readonly string[];
}

/** Runs a bare-metal program to its end: what it printed, and its ELF. */
export async function runProgram({ files, core, optimize = "-O2", defines = [] }: ProgramRun): Promise<{ readonly text: string; readonly elf: Elf }> {
  const { machine, map } = machines[core];
  const image = await linkArmImage({ files: [...files, ...startFiles(map, semihosting)], script: "firmware/link.ld", core, optimize, defines });
  const folder = await mkdtemp(join(tmpdir(), "edgewise-qemu-"));
  try {
    await writeFile(join(folder, "image.elf"), image);
    const args = ["-machine", machine, "-nographic", "-monitor", "none", "-serial", "null", "-semihosting-config", "enable=on,target=native", "-kernel", "image.elf"];
    const outcome = await runProcess("qemu-system-arm", args, { cwd: folder, timeoutMs: 60_000 });
    return { text: Buffer.from(outcome.stdout).toString("latin1") + outcome.stderr, elf: readElf(image) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
