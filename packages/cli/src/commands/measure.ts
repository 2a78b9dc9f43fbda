import { type Graph, elementCount, valueOf } from "@edgewise/graph";
import type { Context } from "../context.ts";
import { Trouble } from "../disk/trouble.ts";
import { renderTable } from "../render/table.ts";
import { loadBundle } from "../work/bundle-folder.ts";
import { candidateGraph } from "../work/emission.ts";
import { vectorsOf } from "../work/golden.ts";
import { loadLock } from "../work/lock-file.ts";
import { type BundleRun, runOnnxBundle } from "../work/run-bundle.ts";
import { runCBundle } from "../work/run-c-bundle.ts";
import { openWorkspace } from "../work/workspace.ts";
import { noLock } from "./diff.ts";
import { chosenDeployments } from "./emit.ts";

/** A promise did not hold when the bundle ran. */
const OVER_BUDGET = 3;

/** `plan measure [target…]`: runs the emitted bundles on the real runtimes of this machine, beside their promises. */
export async function measure(context: Context, ...names: readonly string[]): Promise<number> {
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
    const isC = bundle.value.files.some(({ path }) => path.endsWith(".c"));
    report.push({ target, runs: isC ? await runCBundle(bundle.value, inputElements(graph)) : [await runOnnxBundle(bundle.value, graph, await vectorsOf(workspace, graph, lock.contract))] });
  }
  const broken = report.some(({ runs }) => runs.some(({ findings }) => findings.some(({ holds }) => holds === false)));
  context.terminal.out(context.json ? `${JSON.stringify({ ok: !broken, targets: report }, null, 2)}\n` : renderTable(
    [{ title: "" }, { title: "target" }, { title: "ran on" }, { title: "what" }, { title: "promised" }, { title: "found" }],
    report.flatMap(({ target, runs }) => runs.flatMap(({ where, findings }) => findings.map(({ what, promised, found, holds }) =>
      [holds === null ? " " : holds ? context.paint("green", "✓") : context.paint("red", "✗"), target, where, what, promised, found]))),
  ));
  return broken ? OVER_BUDGET : 0;
}

/** Elements of the network's input, a byte each in C. */
function inputElements(graph: Graph): number {
  return elementCount((valueOf(graph, graph.inputs[0] ?? "").shape ?? []).map(Number));
}
