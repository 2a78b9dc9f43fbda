import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BundleFile } from "@edgewise/adapter";

/** What one process gave back. `code` is null when a signal ended it. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: Uint8Array;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A process to its end. Rejects only when the program cannot be started. */
export function runProcess(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd, timeout: options.timeoutMs ?? 120_000, stdio: ["pipe", "pipe", "pipe"],
      ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
    });
    const out: Uint8Array[] = [];
    const err: Uint8Array[] = [];
    child.stdout.on("data", (chunk: Uint8Array) => out.push(chunk));
    child.stderr.on("data", (chunk: Uint8Array) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString("utf8") }));
    // A program that ends before it has read everything is judged by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? new Uint8Array());
  });
}

/** Warnings that emitted C must not give, on either compiler. */
export const strictFlags: readonly string[] = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes"];

/** Undefined behaviour and stray accesses end the program. */
export const sanitizerFlags: readonly string[] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"];

export interface HostBuild {
  /** C sources and headers; paths are kept. */
  readonly files: readonly BundleFile[];
  readonly compiler: "gcc" | "clang";
  readonly flags?: readonly string[];
  /** Folders searched for headers. */
  readonly include?: readonly string[];
}

/** A compiled program in its own folder, until it is removed. */
export interface HostProgram {
  readonly folder: string;
  run(options?: RunOptions): Promise<Outcome>;
  remove(): Promise<void>;
}

/** Compiles the C files of a bundle for this machine, less its examples, which have a main of their own. The error holds the compiler's own words. */
export async function buildHost({ files, compiler, flags = ["-O2"], include = ["include", "src"] }: HostBuild): Promise<HostProgram> {
  const folder = await mkdtemp(join(tmpdir(), "edgewise-cc-"));
  await writeFiles(folder, files);
  const sources = files.map(({ path }) => path).filter((path) => path.endsWith(".c") && !path.startsWith("examples/")).sort();
  const outcome = await runProcess(compiler, [...strictFlags, ...flags, ...include.map((path) => `-I${path}`), "-o", "program", ...sources], { cwd: folder });
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  if (outcome.code !== 0) {
    await remove();
    throw new Error(`${compiler} failed:\n${outcome.stderr}`);
  }
  return { folder, run: (options) => runProcess(join(folder, "program"), [], options), remove };
}

export async function writeFiles(folder: string, files: readonly BundleFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}
