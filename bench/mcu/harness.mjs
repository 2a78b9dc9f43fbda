/**
 * Builds a bundle's C into bare-metal images, runs them in QEMU and measures them. Knows a bundle by three habits only:
 * one header in include/ that declares <prefix>_run, sources in src/, and perhaps a self-test in selftest/.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commonFlags, cores, libraries, linkFlags } from "./cores.mjs";
import { addressOf, functionAt, readElf, sizesOf } from "./elf.mjs";

export const compiler = "arm-none-eabi-gcc";
export const emulator = "qemu-system-arm";
const firmware = fileURLToPath(new URL("firmware", import.meta.url));
const RUN_MS = 300_000;

export function command(program, args, options = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 28, ...options });
  if (error) throw new Error(`${program} could not be run: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status ?? signal}:\n${stdout}${stderr}`);
  return stdout;
}

/** What is known of a bundle from its files. */
export function readBundle(folder) {
  const include = readdirSync(join(folder, "include")).filter((name) => name.endsWith(".h"));
  const prefix = include.map((name) => name.slice(0, -2)).find((name) => new RegExp(`\\b${name}_run\\s*\\(`).test(readFileSync(join(folder, "include", `${name}.h`), "utf8")));
  if (prefix === undefined) throw new Error(`${folder}/include holds no header that declares its own <name>_run()`);
  const header = readFileSync(join(folder, "include", `${prefix}.h`), "utf8");
  const number = (name) => Number(new RegExp(`#define ${prefix.toUpperCase()}_${name}\\s+(\\d+)`).exec(header)?.[1]);
  const list = (sub) => { try { return readdirSync(join(folder, sub), { recursive: true }).filter((name) => /\.[csS]$/.test(name)).sort().map((name) => join(folder, sub, name)); } catch { return []; } };
  return { folder, prefix, inputBytes: number("INPUT_BYTES"), outputBytes: number("OUTPUT_BYTES"), arenaBytes: number("ARENA_BYTES"), sources: list("src"), selftests: list("selftest") };
}

/** Folder for work: `keep` when given, else one that goes away. */
export function inFolder(keep, work) {
  const folder = keep ?? mkdtempSync(join(tmpdir(), "edgewise-bench-mcu-"));
  mkdirSync(folder, { recursive: true });
  try {
    return work(folder);
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function link({ bundle, core, folder, name, sources, defines, flags = [] }) {
  const { flags: own, memory } = cores[core];
  const image = join(folder, `${name}.elf`);
  const place = Object.entries({ flash_begin: memory.flashBegin, flash_bytes: memory.flashBytes, ram_begin: memory.ramBegin, ram_bytes: memory.ramBytes });
  command(compiler, [
    ...commonFlags, ...own, ...flags, ...linkFlags, `-I${join(bundle.folder, "include")}`, `-I${join(bundle.folder, "src")}`, `-I${firmware}`, ...defines,
    ...place.map(([symbol, value]) => `-Wl,--defsym=${symbol}=0x${value.toString(16)}`), `-Wl,-Map=${join(folder, `${name}.map`)}`, "-T", join(firmware, "link.ld"),
    ...sources, join(firmware, "start.c"), "-o", image, ...libraries,
  ]);
  return image;
}

export function emulate(core, image, options = []) {
  const args = ["-machine", cores[core].machine, "-nographic", "-monitor", "none", "-serial", "null", "-semihosting-config", "enable=on,target=native", ...options, "-kernel", image];
  const { status, stdout, stderr, error } = spawnSync(emulator, args, { encoding: "latin1", maxBuffer: 2 ** 28, timeout: RUN_MS });
  if (error) throw new Error(`${emulator} did not finish: ${error.message}`);
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
  if (status !== 0 || !lines.includes("done")) throw new Error(`the program did not come to its end:\n${lines.slice(-20).join("\n")}`);
  return lines;
}

/** The plugin interface's version: 1 up to QEMU 8.1, 2 in 8.2 and 9.0, 3 in 9.1, 4 from 9.2 on. */
function pluginApi() {
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(command(emulator, ["--version"])) ?? [];
  const version = 100 * Number(major) + Number(minor);
  return version < 802 ? 1 : version < 901 ? 2 : version < 902 ? 3 : 4;
}

export function counter(folder) {
  const plugin = join(folder, "icount.so");
  command("gcc", ["-O2", "-std=c99", "-shared", "-fPIC", `-DPLUGIN_API=${pluginApi()}`, fileURLToPath(new URL("icount.c", import.meta.url)), "-o", plugin]);
  return plugin;
}

/** Blocks of the plugin's file: the total, and [address, count] of every instruction. */
export function readCounts(text) {
  return text.split("run ").slice(1).map((block) => {
    const [total, ...lines] = block.trim().split("\n");
    return { total: Number(total), counts: lines.map((line) => line.split(" ")).map(([address, count]) => [Number.parseInt(address, 16), Number(count)]) };
  });
}

export function perFunction(elf, counts) {
  const nameOf = functionAt(elf);
  const sums = new Map();
  for (const [address, count] of counts) sums.set(nameOf(address), (sums.get(nameOf(address)) ?? 0) + count);
  return [...sums].map(([name, instructions]) => ({ name, instructions })).sort((a, b) => b.instructions - a.instructions || (a.name < b.name ? -1 : 1));
}

/** Functions that came from the tool chain's libraries, by the linker's map. */
function fromLibraries(mapFile) {
  const text = readFileSync(mapFile, "utf8");
  const kept = text.slice(text.indexOf("Linker script and memory map"));
  const found = [...kept.matchAll(/^ \.text\S*\s+0x[0-9a-f]+\s+(0x[0-9a-f]+)\s+\S*\/(lib\w+\.a)\(([^)]+)\)/gm)];
  return found.filter(([, bytes]) => Number(bytes) > 0).map(([, bytes, library, object]) => ({ library, object, bytes: Number(bytes) }));
}

/** Lines of the disassembly, each with how often its instruction ran; null for lines that are none. */
function disassembly(image, counts) {
  const byAddress = new Map(counts);
  return command("arm-none-eabi-objdump", ["-d", "--no-show-raw-insn", image]).split("\n").map((text) => {
    const [, address, mnemonic] = /^\s*([0-9a-f]+):\t([a-z][a-z0-9]*)/.exec(text) ?? [];
    return { text, mnemonic, count: address === undefined ? null : byAddress.get(Number.parseInt(address, 16)) ?? 0 };
  });
}

/** Runs of each instruction by name, most frequent first: what a model of cycles is fitted on. */
function perMnemonic(lines) {
  const sums = new Map();
  for (const { mnemonic, count } of lines) if (count > 0) sums.set(mnemonic, (sums.get(mnemonic) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/**
 * Measures one bundle on one core: `runs` xorshift inputs, instructions of each run between the markers, bytes of flash,
 * static memory and whole stack, outputs. With `keep`, the images, the linker's map and annotated.txt stay in that folder.
 */
export function measureBundle({ folder, core, runs = 3, flags = [], keep }) {
  const bundle = readBundle(folder);
  const { prefix } = bundle;
  const upper = prefix.toUpperCase();
  return inFolder(keep, (work) => {
    const defines = [
      `-DNET_HEADER="${prefix}.h"`, `-DRUNS=${runs}u`, `-DINPUT_BYTES=${upper}_INPUT_BYTES`, `-DOUTPUT_BYTES=${upper}_OUTPUT_BYTES`,
      `-DNET_INPUT=${prefix}_input`, `-DNET_RUN=${prefix}_run`, `-DNET_OUTPUT=${prefix}_output`,
    ];
    const image = link({ bundle, core, folder: work, name: "measure", sources: [...bundle.sources, join(firmware, "measure.c")], defines, flags });
    const elf = readElf(readFileSync(image));
    const counts = join(work, "counts.txt");
    const hex = (name) => addressOf(elf, name).toString(16);
    const lines = emulate(core, image, ["-plugin", `${counter(work)},begin=${hex("mark_begin")},end=${hex("mark_end")},out=${counts}`]);
    const values = (word) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    const blocks = readCounts(readFileSync(counts, "utf8"));
    if (blocks.length !== runs) throw new Error(`${blocks.length} runs were counted, not ${runs}`);
    const code = disassembly(image, blocks[0].counts);
    if (keep !== undefined) writeFileSync(join(work, "annotated.txt"), code.map(({ text, count }) => `${String(count || "").padStart(10)}  ${text}`).join("\n"));
    const stackBytes = Math.max(...values("stack").map((text) => Number.parseInt(text, 16)));
    const sizes = sizesOf(elf);
    return {
      prefix, core, ...sizes, arenaBytes: bundle.arenaBytes, stackBytes, ramBytes: sizes.staticBytes + stackBytes,
      instructions: Math.max(...blocks.map(({ total }) => total)), instructionsPerRun: blocks.map(({ total }) => total),
      functions: perFunction(elf, blocks[0].counts), mnemonics: perMnemonic(code), libraries: fromLibraries(join(work, "measure.map")),
      outputs: values("out").map((text) => Int8Array.from(Buffer.from(text, "hex"))),
    };
  });
}

/** Vectors of the bundle's own self-test that differ on the core; null for a bundle without one. */
export function runSelfTest({ folder, core, flags = [], keep }) {
  const bundle = readBundle(folder);
  if (bundle.selftests.length === 0) return null;
  return inFolder(keep, (work) => {
    const upper = bundle.prefix.toUpperCase();
    const sources = [...bundle.sources, ...bundle.selftests, join(firmware, "selftest.c")];
    const image = link({ bundle, core, folder: work, name: "selftest", sources, defines: [`-D${upper}_SELFTEST_NO_MAIN`, `-DNET_SELFTEST=${bundle.prefix}_selftest`], flags });
    return /^selftest=(x*)$/m.exec(emulate(core, image).join("\n"))[1].length;
  });
}

/** "12.2.1" and "7.2.22": what the figures hold for. */
export function toolVersions() {
  return { gcc: command(compiler, ["-dumpfullversion"]).trim(), qemu: /version (\S+)/.exec(command(emulator, ["--version"]))?.[1] ?? "unknown" };
}
