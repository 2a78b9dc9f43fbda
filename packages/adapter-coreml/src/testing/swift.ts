import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Bundle } from "@edgewise/adapter";

const unpacked = join(import.meta.dirname, "../../../../conformance/coreml/.swift/run");

/** What stands before a command of the Swift toolchain: nothing where it is installed. */
const prefix: readonly string[] = existsSync(unpacked) ? [unpacked] : [];

export interface Ran {
  readonly code: number;
  readonly text: string;
}

export function runSwift(command: string, args: readonly string[]): Ran {
  const [program = command, ...rest] = [...prefix, command, ...args];
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: "utf8" });
  return { code: status ?? 1, text: `${stdout}${stderr}` };
}

export interface SwiftFolder {
  readonly path: string;
  readonly remove: () => void;
}

function temporaryFolder(): SwiftFolder {
  const path = mkdtempSync(join(tmpdir(), "edgewise-swift-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A bundle on disk, in a folder that the toolchain sees. */
export function swiftFolder({ files }: Bundle): SwiftFolder {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder.path, file.path)), { recursive: true });
    writeFileSync(join(folder.path, file.path), file.bytes);
  }
  return folder;
}

/** The declarations of Apple's frameworks in a folder that the toolchain sees, not compiled yet. */
export function stubsFolder(): SwiftFolder {
  const folder = temporaryFolder();
  const stubs = join(import.meta.dirname, "stubs");
  for (const name of readdirSync(stubs)) copyFileSync(join(stubs, name), join(folder.path, name));
  return folder;
}

/** Everything is an error, warnings too, under Swift 6's rules of concurrency. */
const strict = ["-swift-version", "6", "-warnings-as-errors", "-suppress-remarks"];

function sources(folder: string, module: string): readonly string[] {
  const at = join(folder, "Sources", module);
  return readdirSync(at).filter((name) => name.endsWith(".swift")).sort().map((name) => join(at, name));
}

/** Compiles the declarations of Apple's frameworks, in the order in which they import one another. */
export function compileStubs(stubs: string): Ran {
  for (const module of ["CoreVideo", "CoreGraphics", "CoreML"]) {
    const ran = runSwift("swiftc", [...strict, "-parse-as-library", "-emit-module", "-module-name", module, "-I", stubs, "-emit-module-path", join(stubs, `${module}.swiftmodule`), join(stubs, `${module}.swift`)]);
    if (ran.code !== 0) return ran;
  }
  return { code: 0, text: "" };
}

export interface Modules {
  readonly model: string;
  readonly benchmark: string;
  /** Folder of the declarations. */
  readonly stubs: string;
}

/** Type-checks every source of the package with Core ML declared: both libraries and both tools. */
export function typeCheck(folder: string, { model, benchmark, stubs }: Modules): Ran {
  const modules = ["-I", stubs, "-I", folder];
  for (const module of [model, benchmark]) {
    const ran = runSwift("swiftc", [...strict, ...modules, "-parse-as-library", "-emit-module", "-module-name", module, "-emit-module-path", join(folder, `${module}.swiftmodule`), ...sources(folder, module), join(stubs, "Package.swift")]);
    if (ran.code !== 0) return ran;
  }
  for (const tool of ["selftest", "benchmark"]) {
    const ran = runSwift("swiftc", ["-typecheck", ...strict, ...modules, join(folder, "Sources", tool, "main.swift")]);
    if (ran.code !== 0) return ran;
  }
  return runSwift("swiftc", ["-parse", join(folder, "App/BenchmarkApp.swift"), join(folder, "Package.swift")]);
}

/** Builds the self-test as any system without Core ML does, and runs it on golden vectors without the model. */
export function buildSelfTest(folder: string, { model, benchmark, stubs }: Modules): Ran & { readonly run: (args: readonly string[]) => Ran } {
  const out = join(folder, "build");
  mkdirSync(out, { recursive: true });
  const flags = [...strict, "-I", out, "-L", out];
  const library = (module: string, extra: readonly string[]): Ran =>
    runSwift("swiftc", [...flags, "-parse-as-library", "-emit-library", "-static", "-emit-module", "-module-name", module, "-emit-module-path", join(out, `${module}.swiftmodule`), "-o", join(out, `lib${module}.a`), ...sources(folder, module), ...extra]);
  const tool = join(out, "selftest");
  const steps = [
    () => library(model, []),
    () => library(benchmark, [join(stubs, "Package.swift")]),
    () => runSwift("swiftc", [...flags, join(folder, "Sources/selftest/main.swift"), `-l${benchmark}`, `-l${model}`, "-o", tool]),
  ];
  for (const step of steps) {
    const ran = step();
    if (ran.code !== 0) return { ...ran, run: () => ran };
  }
  return { code: 0, text: "", run: (args) => runSwift(tool, args) };
}

