import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Tested pin; 11.x fails on Node 20. */
const PNPM = "pnpm@12.21.0";

/** Runs a command in the repository root with its output shown; returns the exit status. */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", ...env } });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Node, npm and this repository are enough: installs the dependencies and builds every package. */
export function installAndBuild() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old: Edgewise needs Node >= 20.19. Install a newer one and run again.`);
    process.exit(1);
  }
  const pnpm = (...args) => run("npx", ["--yes", PNPM, ...args]);
  // A lockfile that CI cannot reproduce is a mistake in the repository, so it is frozen everywhere.
  const steps = [
    ["install", () => pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only")],
    ["build", () => pnpm("exec", "turbo", "run", "build", "--output-logs=errors-only")],
  ];
  for (const [name, step] of steps) {
    const status = step();
    if (status !== 0) {
      console.error(`\n${name} failed (exit ${status}). The lines above say why; a closed network or a full disk are the usual causes.`);
      process.exit(status);
    }
  }
}

export function onPath(program) {
  return (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && existsSync(join(folder, program)));
}

export function corpusFolder() {
  const folder = process.env.EDGEWISE_CORPUS ?? join(root, "..", "shared", "corpus");
  return existsSync(join(folder, "INDEX.md")) ? folder : null;
}
