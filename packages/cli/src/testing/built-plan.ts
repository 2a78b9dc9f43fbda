import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./run-plan.ts";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** The command as it is installed: bin/plan.mjs on the built packages. */
export const planProgram: string = fileURLToPath(new URL("../../bin/plan.mjs", import.meta.url));

/** Builds the packages where that was not done yet. */
export function ensureBuilt(): void {
  if (existsSync(fileURLToPath(new URL("../../dist/index.js", import.meta.url)))) return;
  const built = spawnSync("node_modules/.bin/tsc", ["-b", "packages/cli"], { cwd: repository, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the packages do not build:\n${built.stdout}`);
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Program and arguments put before node: taskset, a shell with limits. */
  readonly under?: readonly string[];
}

/** Runs the built command to its end in a process of its own. */
export function runBuilt(root: string, argv: readonly string[], { env = {}, under = [] }: Surroundings = {}): Outcome {
  const [program = "", ...args] = [...under, process.execPath, planProgram, "--cwd", root, ...argv];
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  if (error !== undefined) throw error;
  return { code: status ?? -1, stdout, stderr };
}

/** Starts the built command, and leaves it to the caller. */
export function startBuilt(root: string, argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, [planProgram, "--cwd", root, ...argv], { stdio: "ignore" });
}
