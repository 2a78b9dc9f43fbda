import type { Finding } from "@edgewise/planner";
import type { Context } from "../context.ts";
import { Trouble } from "../disk/trouble.ts";
import { renderDiagnostics } from "../render/diagnostic.ts";
import { renderTable } from "../render/table.ts";
import { loadBundle } from "../work/bundle-folder.ts";
import { candidateGraph } from "../work/emission.ts";
import { vectorsOf } from "../work/golden.ts";
import { importResults, withLatency } from "../work/import-results.ts";
import { LOCK_FILE, loadLock, saveLock } from "../work/lock-file.ts";
import type { BundleRun } from "../work/run-bundle.ts";
import { runBundle } from "../work/runners.ts";
import { openWorkspace } from "../work/workspace.ts";
import { noLock } from "./diff.ts";
import { chosenDeployments } from "./emit.ts";

/** A promise did not hold when the bundle ran. */
const OVER_BUDGET = 3;

/**
 * `plan measure [target…]`: runs the emitted bundles on the real runtimes of this machine, beside their promises. With
 * `--import`, takes what a bundle's benchmark printed on its own device.
 */
export async function measure(context: Context, ...names: readonly string[]): Promise<number> {
  const { import: file } = context.flags;
  return typeof file === "string" ? takeResults(context, file, names) : runHere(context, names);
}

async function runHere(context: Context, names: readonly string[]): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const lock = await loadLock(workspace.root);
  if (lock === null) throw noLock();
  const report: { readonly target: string; readonly runs: readonly BundleRun[] }[] = [];
  for (const { target, choice } of chosenDeployments(lock, names)) {
    if (choice === null) continue;
    const bundle = await loadBundle(workspace.root, target);
    if (bundle === null) {
      throw new Trouble([{ code: "NOT_EMITTED", severity: "error", subject: { kind: "target", target }, summary: "There is no bundle of this target yet", fix: `Run plan emit ${target}.` }]);
    }
    if (!bundle.ok) throw new Trouble(bundle.errors, OVER_BUDGET);
    const graph = await candidateGraph(workspace, lock, choice);
    report.push({ target, runs: await runBundle({ bundle: bundle.value, graph, vectors: () => vectorsOf(workspace, graph, lock.contract) }) });
  }
  const broken = report.some(({ runs }) => runs.some(({ findings }) => isBroken(findings)));
  context.terminal.out(context.json ? `${JSON.stringify({ ok: !broken, targets: report }, null, 2)}\n` : findingsTable(context, report));
  return broken ? OVER_BUDGET : 0;
}

async function takeResults(context: Context, file: string, names: readonly string[]): Promise<number> {
  if (names.length > 0) {
    throw new Trouble([{ code: "USAGE", severity: "error", subject: { kind: "argument", name: "targets" }, summary: "Results name their target themselves", found: names.join(" "), fix: "Leave the targets out: plan measure --import results.json." }]);
  }
  const workspace = await openWorkspace(context, context.sources);
  const lock = await loadLock(workspace.root);
  if (lock === null) throw noLock();
  const { fact, findings, warnings, results } = await importResults(workspace, lock, { cwd: context.cwd, file });
  const written = await saveLock(workspace.root, withLatency(lock, fact));
  const broken = isBroken(findings);
  const where = `${results.device.reported}, ${results.os.name} ${results.os.version}`;
  if (context.json) {
    context.terminal.out(`${JSON.stringify({ ok: !broken, target: results.target, written, fact, findings, warnings }, null, 2)}\n`);
    return broken ? OVER_BUDGET : 0;
  }
  context.terminal.err(renderDiagnostics(warnings, context.sources, context.paint));
  context.terminal.out(findingsTable(context, [{ target: results.target, runs: [{ where, findings }] }]));
  context.terminal.out(written ? `${LOCK_FILE} holds the results. Run plan make: it decides by them.\n` : `${LOCK_FILE} held these results already.\n`);
  return broken ? OVER_BUDGET : 0;
}

function isBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ holds }) => holds === false);
}

function findingsTable(context: Context, report: readonly { readonly target: string; readonly runs: readonly BundleRun[] }[]): string {
  return renderTable(
    [{ title: "" }, { title: "target" }, { title: "ran on" }, { title: "what" }, { title: "promised" }, { title: "found" }],
    report.flatMap(({ target, runs }) => runs.flatMap(({ where, findings }) => findings.map(({ what, promised, found, holds }) =>
      [holds === null ? " " : holds ? context.paint("green", "✓") : context.paint("red", "✗"), target, where, what, promised, found]))),
  );
}
