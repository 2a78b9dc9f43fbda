/** Bundles as a user gets them: a project in a folder, `plan make`, `plan emit`. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command. */
export const builtPlan = fileURLToPath(new URL("../../packages/cli/bin/plan.mjs", import.meta.url));

function run(plan, args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [plan, ...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (error) throw error;
  return { status, said: `${stdout}${stderr}`.trim() };
}

/** Emits one bundle for a device into a new project in `folder`; returns the bundle's own folder. The fastest candidate wins. */
export function emitBundle({ plan, file, name, device, folder }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "models"), { recursive: true });
  copyFileSync(file, join(folder, "models", basename(file)));
  writeFileSync(join(folder, "plan.yaml"), `version: 1
task: { kind: tensor, input: { scale: 1, offset: 0 } }
models: [ "models/${basename(file)}" ]
targets:
  ${name}: { device: ${device}, precisions: [int8], prefer: [latency, ram, flash] }
`);
  for (const verb of ["make", "emit"]) {
    const { status, said } = run(plan, ["--cwd", folder, verb]);
    if (status !== 0) throw new Error(`plan ${verb} of ${basename(file)} for ${device} ended with ${status}:\n${said}`);
  }
  return join(folder, "bundles", name);
}
