import type { Bundle } from "@edgewise/adapter";
import type { ArmCore, Elf } from "@edgewise/measure";
import type { Finding } from "@edgewise/planner";
import type { BundleRun } from "./run-bundle.ts";

/** Compiles a C bundle's self-test with the host's compiler and runs it; on an Arm emulator too where its tools are here. */
export async function runCBundle(bundle: Bundle, inputBytes: number): Promise<readonly BundleRun[]> {
  const { armCompilerVersion } = await import("@edgewise/measure");
  const emulated = await armCompilerVersion() === null ? [] : [await emulate(bundle, inputBytes)];
  return [await runSelfTest(bundle), ...emulated];
}

async function runSelfTest(bundle: Bundle): Promise<BundleRun> {
  const where = "gcc on this machine";
  const gap = (found: string): BundleRun => ({ where, findings: [{ what: "self-test", promised: "PASS", found, holds: null }] });
  if (!bundle.files.some(({ path }) => path.startsWith("selftest/"))) return gap("the plan names no evaluation data, so the bundle has no self-test");
  const { buildHost } = await import("@edgewise/measure");
  const program = await buildHost({ files: bundle.files, compiler: "gcc" }).catch(whenMissing);
  if (program === null) return gap("gcc is not installed");
  const outcome = await program.run();
  await program.remove();
  const said = Buffer.from(outcome.stdout).toString("utf8").trim().split("\n").at(-1) ?? "";
  return { where, findings: [{ what: "self-test, byte for byte", promised: "PASS", found: outcome.code === 0 ? "PASS" : said || `exit ${outcome.code}`, holds: outcome.code === 0 }] };
}

/** A tool that is not installed is a gap in the report, not a failure. */
function whenMissing(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}

/** Emulated cores by instruction set; ARMv6-M is that of the RP2040, which has an emulator of its own. */
const cores: Readonly<Record<string, ArmCore>> = { "armv7-m": "cortex-m3", "armv7e-m": "cortex-m4", "armv8-m": "cortex-m33", "armv8.1-m": "cortex-m33" };

/** What an emulator showed of a run: of the ELF, and of the run itself unless it was too long. */
interface Emulation {
  readonly where: string;
  readonly elf: Elf;
  readonly ran: readonly Finding[];
}

/** An emulator executes the same library; its ELF is compared with the promises. */
async function emulate(bundle: Bundle, inputBytes: number): Promise<BundleRun> {
  const core = cores[String(bundle.manifest.promises["isa"] ?? "")];
  // Any input will do: sizes and stack are the same for all, cycles nearly so; answers are the self-test's matter.
  const inputs = [new Int8Array(inputBytes)];
  const emulation = core === undefined ? await onPico(bundle, inputs) : await onQemu(bundle, inputs, core);
  if (emulation === null) return { where: `QEMU (${core ?? ""})`, findings: [{ what: "a run on an emulated core", promised: "–", found: "qemu-system-arm is not installed", holds: null }] };
  const { where, elf, ran } = emulation;
  const arena = elf.symbols.filter(({ name, kind }) => kind === "object" && name.endsWith("_arena")).reduce((sum, { bytes }) => sum + bytes, 0);
  const promised = numberOf(bundle, "arenaBytes");
  return { where: `arm-none-eabi-gcc and ${where}`, findings: [{ what: "arena in the ELF", promised: `${promised} B`, found: `${arena} B`, holds: arena === promised }, ...ran] };
}

async function onPico(bundle: Bundle, inputs: readonly Int8Array[]): Promise<Emulation> {
  const { EmulationLimit, runRp2040 } = await import("@edgewise/measure");
  const where = "the rp2040js emulator (Cortex-M0+)";
  const result = await runRp2040({ files: bundle.files, prefix: prefixOf(bundle), inputs }).catch((error: unknown) => {
    if (error instanceof EmulationLimit) return error;
    throw error;
  });
  if (result instanceof EmulationLimit) {
    return { where, elf: result.elf, ran: [{ what: "stack and cycles of a run", promised: "–", found: `stopped after ${result.instructions} instructions: too long to emulate`, holds: null }] };
  }
  return { where, elf: result.elf, ran: [stackFinding(bundle, result.stackBytes), { what: "cycles in the emulator's model", promised: "–", found: String(result.emulatedCycles), holds: null }] };
}

async function onQemu(bundle: Bundle, inputs: readonly Int8Array[], core: ArmCore): Promise<Emulation | null> {
  const { runQemu } = await import("@edgewise/measure");
  const result = await runQemu({ files: bundle.files, prefix: prefixOf(bundle), inputs, core }).catch(whenMissing);
  return result && { where: `QEMU (${core})`, elf: result.elf, ran: [stackFinding(bundle, result.stackBytes)] };
}

function stackFinding(bundle: Bundle, stackBytes: number): Finding {
  const bound = numberOf(bundle, "stackBytesBound");
  return { what: "stack of a run", promised: `at most ${bound} B`, found: `${stackBytes} B`, holds: stackBytes <= bound };
}

function prefixOf(bundle: Bundle): string {
  return String(bundle.manifest.promises["prefix"] ?? "");
}

function numberOf(bundle: Bundle, promise: string): number {
  return Number(bundle.manifest.promises[promise] ?? 0);
}
