import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BundleFile } from "@edgewise/adapter";

const here = dirname(fileURLToPath(import.meta.url));

/** The Kotlin compiler and its libraries, as conformance/kotlin/setup.sh lays them; EDGEWISE_KOTLIN_JARS names another folder. */
const jarFolder = process.env["EDGEWISE_KOTLIN_JARS"] ?? join(here, "../../../../../conformance/kotlin/.jars");

const jars: readonly string[] = existsSync(jarFolder) ? readdirSync(jarFolder).filter((file) => file.endsWith(".jar")).sort().map((file) => join(jarFolder, file)) : [];

/** What emitted files compile and run with: the standard library, and JSON as Android has it. */
const libraries: readonly string[] = jars.filter((jar) => /\/(kotlin-stdlib|annotations|json)-[^/]*$/.test(jar));

export const hasKotlin: boolean = libraries.length === 3;

/** Sources of the stubs of LiteRT, android.*, androidx.* and JUnit. */
export const stubSources: readonly string[] = readdirSync(join(here, "stubs")).sort().map((file) => join(here, "stubs", file));

export interface Workplace {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function workplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "edgewise-kotlin-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Files of a bundle as a user has them, below `folder`; the paths of those that end in `suffix`. */
export async function lay(files: readonly BundleFile[], folder: string, suffix = ".kt"): Promise<readonly string[]> {
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return files.filter(({ path }) => path.endsWith(suffix)).map(({ path }) => join(folder, path));
}

export interface Run {
  readonly code: number;
  readonly text: string;
}

export interface Compilation {
  readonly sources: readonly string[];
  /** Jars that the sources see, besides the libraries. */
  readonly seen?: readonly string[];
  /** The jar that is written. */
  readonly jar: string;
  /** Public declarations must say so, as `explicitApi()` in a library's build file asks. */
  readonly explicitApi?: boolean;
  readonly warningsAreErrors?: boolean;
}

/** Byte code of Java 11, which Android's tools take; every warning of the compiler is on. */
export function compileKotlin({ sources, seen = [], jar, explicitApi = false, warningsAreErrors = true }: Compilation): Promise<Run> {
  const flags = [...(warningsAreErrors ? ["-Werror", "-Wextra"] : ["-nowarn"]), ...(explicitApi ? ["-Xexplicit-api=strict"] : [])];
  const compiler = ["-XX:TieredStopAtLevel=1", "-cp", jars.join(delimiter), "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"];
  return java([...compiler, "-no-stdlib", "-no-reflect", "-jvm-target", "11", "-cp", [...libraries, ...seen].join(delimiter), ...flags, "-d", jar, ...sources]);
}

/** Runs the main class of some jars on a plain Java machine. */
export function runKotlin(mainClass: string, { seen, args }: { readonly seen: readonly string[]; readonly args: readonly string[] }): Promise<Run> {
  return java(["-cp", [...libraries, ...seen].join(delimiter), mainClass, ...args]);
}

function java(args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile("java", args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr });
    });
  });
}
