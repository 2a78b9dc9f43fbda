import type { Diagnostic } from "@edgewise/graph";
import { type Lock, type Verdict, canonicalText } from "@edgewise/planner/schema";
import { digest } from "@edgewise/adapter";
import type { Context } from "../context.ts";
import { renderDiagnostics } from "../render/diagnostic.ts";
import { loadBundle } from "../work/bundle-folder.ts";
import { adapterOf } from "../work/emission.ts";
import { LOCK_FILE, loadLock } from "../work/lock-file.ts";
import { STALE, staleLock, stalenessOf } from "../work/staleness.ts";
import { type Workspace, openWorkspace } from "../work/workspace.ts";

const BROKEN = 3;

/**
 * `plan check`: is the lock what these inputs give, and are the bundles what the lock says? Nothing is measured; where
 * model files or data are absent (a CI without weights) the lock's own digests of them stand in, and are named.
 */
export async function check(context: Context): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const lock = await loadLock(workspace.root);
  const { problems: stale, absent } = lock === null ? { problems: [staleLock("There is no lock", "none")], absent: [] } : await stalenessOf(workspace, lock);
  const bundles = lock === null || stale.length > 0 ? { problems: [], checked: 0, missing: [] } : await checkBundles(workspace, lock);
  const problems = [...stale, ...bundles.problems];
  const exitCode = stale.length > 0 ? STALE : bundles.problems.length > 0 ? BROKEN : 0;
  if (context.json) {
    context.terminal.out(`${JSON.stringify({ ok: exitCode === 0, diagnostics: problems, bundlesChecked: bundles.checked, notEmitted: bundles.missing, takenFromLock: absent }, null, 2)}\n`);
    return exitCode;
  }
  context.terminal.err(renderDiagnostics(problems, context.sources, context.paint));
  if (exitCode === 0) {
    const rest = [absent.length > 0 ? `Taken from the lock, because absent here: ${absent.join(", ")}.` : "", bundles.missing.length > 0 ? `Not emitted: ${bundles.missing.join(", ")}.` : ""].filter((text) => text !== "");
    context.terminal.out([`${LOCK_FILE} holds for these inputs; ${bundles.checked} ${bundles.checked === 1 ? "bundle matches" : "bundles match"} it.`, ...rest].join("\n") + "\n");
  }
  return exitCode;
}

interface BundleReport {
  readonly problems: readonly Diagnostic[];
  readonly checked: number;
  readonly missing: readonly string[];
}

async function checkBundles(workspace: Workspace, lock: Lock): Promise<BundleReport> {
  const problems: Diagnostic[] = [];
  const missing: string[] = [];
  let checked = 0;
  for (const { target, choice } of lock.plan.deployments) {
    if (choice === null) continue;
    const bundle = await loadBundle(workspace.root, target);
    if (bundle === null) {
      missing.push(target);
      continue;
    }
    checked += 1;
    if (!bundle.ok) problems.push(...bundle.errors);
    else problems.push(...ofThisPlan(bundle.value.manifest, choice, lock), ...await adapterOf(choice).check(bundle.value));
  }
  return { problems, checked, missing };
}

function ofThisPlan(manifest: { readonly candidate: Verdict["candidate"]; readonly plan: string }, choice: Verdict, lock: Lock): readonly Diagnostic[] {
  const { target } = choice.candidate;
  const plan = digest(canonicalText(lock.plan));
  const sameCandidate = manifest.candidate.id === choice.candidate.id;
  if (sameCandidate && manifest.plan === plan) return [];
  const [what, found, expected] = sameCandidate ? ["plan", manifest.plan, plan] : ["candidate", manifest.candidate.id, choice.candidate.id];
  return [{ code: "BUNDLE_OTHER_PLAN", severity: "error", subject: { kind: "file", path: `bundles/${target}/manifest.json` }, summary: "The bundle was made from another plan", found: `${what} ${found.slice(0, 12)}`, expected: `${what} ${expected.slice(0, 12)}`, fix: `Run plan emit ${target}.` }];
}
