import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mutations } from "./mutations.mjs";
import { root } from "./toolchain.mjs";

/** A scratch copy of the sources: the working tree is never touched, whatever interrupts this. */
function scratchCopy() {
  const copy = mkdtempSync(join(tmpdir(), "edgewise-mutate-"));
  for (const name of ["packages", "examples", "scripts", "package.json", "vitest.config.ts", "ARCHITECTURE.md", "tsconfig.base.json"]) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

function runTest(copy, { test, name }) {
  const result = spawnSync(join(root, "node_modules/.bin/vitest"), ["run", "--reporter=json", test, "-t", name], { cwd: copy, encoding: "utf8", timeout: 300_000, env: { ...process.env, NO_COLOR: "1" } });
  const report = /\{"numTotalTestSuites".*\}/s.exec(result.stdout)?.[0];
  if (report === undefined) return { ran: 0, failed: 0, output: result.stdout + result.stderr };
  const { numPassedTests, numFailedTests } = JSON.parse(report);
  return { ran: numPassedTests + numFailedTests, failed: numFailedTests, output: "" };
}

/** Applies one mutation, runs its named test, restores; true when the test was green before and is red now. */
function caught(copy, mutation) {
  const path = join(copy, mutation.file);
  const before = readFileSync(path, "utf8");
  const after = before.replace(mutation.find, () => mutation.replace);
  if (after === before) return { ok: false, why: `does not apply: ${mutation.find} is not in ${mutation.file}` };
  const sound = runTest(copy, mutation);
  if (sound.ran === 0 || sound.failed > 0) return { ok: false, why: `its test is not green to begin with (${sound.ran} ran, ${sound.failed} failed) ${sound.output.slice(-400)}` };
  writeFileSync(path, after);
  const mutated = runTest(copy, mutation);
  writeFileSync(path, before);
  return mutated.failed > 0 ? { ok: true, why: `${mutated.failed} of ${mutated.ran} red` } : { ok: false, why: "SURVIVED" };
}

const wanted = process.argv.slice(2);
const chosen = mutations.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const copy = scratchCopy();
let survived = 0;
try {
  for (const mutation of chosen) {
    const { ok, why } = caught(copy, mutation);
    if (!ok) survived += 1;
    console.log(`${ok ? "caught  " : "SURVIVED"} ${mutation.id.padEnd(28)} ${why}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${chosen.length - survived} of ${chosen.length} mutations caught`);
process.exitCode = survived === 0 ? 0 : 1;
