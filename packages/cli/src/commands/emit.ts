import { manifestText } from "@edgewise/adapter";
import type { Deployment, Lock } from "@edgewise/planner/schema";
import { suggest } from "@edgewise/planner/schema";
import type { Context } from "../context.ts";
import { Trouble } from "../disk/trouble.ts";
import { renderTable } from "../render/table.ts";
import { bytes } from "../render/units.ts";
import { saveBundle } from "../work/bundle-folder.ts";
import { adapterOf, emitBundle } from "../work/emission.ts";
import { loadLock } from "../work/lock-file.ts";
import { STALE, stalenessOf } from "../work/staleness.ts";
import { openWorkspace } from "../work/workspace.ts";
import { noLock } from "./diff.ts";

/** Some target has nothing to emit, as `plan make` said. */
const INFEASIBLE = 2;
/** A bundle failed the check of its own bytes. */
const CHECK_FAILED = 3;

/** `plan emit [target…]`: every bundle is written only after its own bytes have been read back and proved. */
export async function emit(context: Context, ...names: readonly string[]): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const lock = await loadLock(workspace.root);
  if (lock === null) throw noLock();
  const deployments = chosenDeployments(lock, names);
  // A bundle states that it keeps this lock's promises: what the lock was not made from must not enter it.
  const { problems: stale } = await stalenessOf(workspace, lock);
  if (stale.length > 0) throw new Trouble(stale, STALE);
  const rows: string[][] = [];
  const report: unknown[] = [];
  let exitCode = 0;
  for (const { target, choice } of deployments) {
    if (choice === null) {
      rows.push([target, "nothing to emit: no candidate is feasible (plan explain says why)", "", ""]);
      report.push({ target, emitted: false });
      exitCode = INFEASIBLE;
      continue;
    }
    const bundle = await emitBundle(workspace, lock, choice);
    const problems = await adapterOf(choice).check(bundle);
    if (problems.some(({ severity }) => severity === "error")) throw new Trouble(problems, CHECK_FAILED);
    await saveBundle(workspace.root, target, { ...bundle, manifestText: manifestText(bundle.manifest) });
    const total = bundle.files.reduce((sum, file) => sum + file.bytes.length, 0);
    rows.push([target, `bundles/${target}/`, `${bundle.files.length + 1} files`, bytes(total)]);
    report.push({ target, emitted: true, folder: `bundles/${target}`, files: bundle.manifest.files, promises: bundle.manifest.promises });
  }
  context.terminal.out(context.json ? `${JSON.stringify({ ok: exitCode === 0, bundles: report }, null, 2)}\n` : renderTable([{ title: "target" }, { title: "bundle" }, { title: "files", align: "right" }, { title: "all files", align: "right" }], rows));
  return exitCode;
}

/** The named deployments, or all; an unknown name is a mistake. */
export function chosenDeployments(lock: Lock, names: readonly string[]): readonly Deployment[] {
  const known = lock.plan.deployments.map(({ target }) => target);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Trouble(unknown.map((name) => {
      const near = suggest(name, known);
      return { code: "UNKNOWN_TARGET", severity: "error" as const, subject: { kind: "argument" as const, name: "target" }, summary: `The lock has no target ${name}`, found: name, expected: known.join(", "), fix: near === null ? "Name a target of the plan; run plan make after adding one." : `Did you mean ${near}?` };
    }));
  }
  return lock.plan.deployments.filter(({ target }) => names.length === 0 || names.includes(target));
}
