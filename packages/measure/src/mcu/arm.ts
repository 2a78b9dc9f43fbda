import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BundleFile } from "@edgewise/adapter";
import { type Elf, readElf } from "./elf.ts";
import { runProcess, strictFlags, writeFiles } from "./host-cc.ts";

/** Cores whose code is compiled and emulated here. */
export type ArmCore = "cortex-m0plus" | "cortex-m3" | "cortex-m4" | "cortex-m7" | "cortex-m33" | "cortex-m55";

export const armCompiler = "arm-none-eabi-gcc";

/** Flags that decide the bytes: the promise of code and stack size holds for these. */
export function coreFlags(core: ArmCore): readonly string[] {
  return [`-mcpu=${core}`, "-mthumb", "-mfloat-abi=soft", "-ffunction-sections", "-fdata-sections"];
}

/** "12.2.1": versions of one release differ in nothing that matters here. Null when the compiler is not installed. */
export async function armCompilerVersion(): Promise<string | null> {
  const outcome = await runProcess(armCompiler, ["-dumpfullversion"]).catch(() => null);
  return outcome?.code === 0 ? Buffer.from(outcome.stdout).toString("utf8").trim() : null;
}

export interface ObjectBuild {
  readonly files: readonly BundleFile[];
  /** Path of the source to compile. */
  readonly source: string;
  readonly core: ArmCore;
  readonly optimize: "-Os" | "-O2";
}

/** One compiled source: its ELF object, and the stack bytes of each of its functions. */
export interface ArmObject {
  readonly elf: Elf;
  readonly stackBytes: Readonly<Record<string, number>>;
}

/** Compiles one source of a bundle for a core. The error holds the compiler's own words. */
export async function compileArmObject({ files, source, core, optimize }: ObjectBuild): Promise<ArmObject> {
  return inFolder(files, async (folder) => {
    await compile(folder, [...coreFlags(core), optimize, "-fstack-usage", "-c", source, "-o", "object.o"]);
    // The compiler knows nothing of the stack that assembly uses.
    const usage = source.endsWith(".S") ? "" : await readFile(join(folder, "object.su"), "utf8");
    return { elf: readElf(await readFile(join(folder, "object.o"))), stackBytes: stackUsage(usage) };
  });
}

export interface ImageBuild {
  readonly files: readonly BundleFile[];
  /** Linker script, by path in `files`. */
  readonly script: string;
  readonly core: ArmCore;
  readonly optimize: "-Os" | "-O2";
  readonly defines?: readonly string[];
}

/** Links all C and assembly sources into a bare-metal image without start files. */
export async function linkArmImage({ files, script, core, optimize, defines = [] }: ImageBuild): Promise<Uint8Array> {
  const sources = files.map(({ path }) => path).filter((path) => /\.[cS]$/.test(path)).sort();
  return inFolder(files, async (folder) => {
    await compile(folder, [
      ...coreFlags(core), optimize, ...defines.map((name) => `-D${name}`), "-ffreestanding", "-nostartfiles", "-Wl,--gc-sections", "-T", script, ...sources,
      "-o", "image.elf", "-lc", "-lgcc",
    ]);
    return readFile(join(folder, "image.elf"));
  });
}

async function compile(folder: string, args: readonly string[]): Promise<void> {
  const outcome = await runProcess(armCompiler, [...strictFlags, "-Iinclude", "-Isrc", ...args], { cwd: folder });
  if (outcome.code !== 0) throw new Error(`${armCompiler} failed:\n${outcome.stderr}`);
}

async function inFolder<T>(files: readonly BundleFile[], work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "edgewise-arm-"));
  try {
    await writeFiles(folder, files);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lines of -fstack-usage: "file:line:column:function<tab>bytes<tab>kind". */
function stackUsage(text: string): Readonly<Record<string, number>> {
  const entries = text.split("\n").flatMap((line) => {
    const [place = "", bytes = ""] = line.split("\t");
    const name = place.split(":").at(-1) ?? "";
    return bytes === "" ? [] : [[name, Number(bytes)] as const];
  });
  return Object.fromEntries(entries);
}
