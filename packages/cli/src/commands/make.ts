import type { Context } from "../context.ts";
import { renderPlan } from "../render/plan-table.ts";
import { decide } from "../work/decide.ts";
import { LOCK_FILE, loadLock, saveLock } from "../work/lock-file.ts";
import { progressOf } from "../work/progress.ts";
import { openWorkspace } from "../work/workspace.ts";

/** Some target has no feasible candidate. */
const INFEASIBLE = 2;

/** `plan make`: decides, measures what the decision needs, and keeps both in the lock. */
export async function make(context: Context): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const previous = await loadLock(workspace.root);
  const lock = await progressOf(context.terminal, (report) => decide(workspace, previous, report));
  const written = await saveLock(workspace.root, lock);
  const infeasible = lock.plan.deployments.filter(({ choice }) => choice === null).map(({ target }) => target);
  if (context.json) {
    context.terminal.out(`${JSON.stringify({ ok: infeasible.length === 0, lock: LOCK_FILE, written, infeasible, plan: lock.plan }, null, 2)}\n`);
  } else {
    context.terminal.out(`${renderPlan(lock.plan, context.paint)}\n`);
    const next = infeasible.length > 0 ? `plan explain ${infeasible[0]} says what would make it fit.` : "plan explain says why; plan emit writes the bundles.";
    context.terminal.out(`${written ? `Wrote ${LOCK_FILE}` : `${LOCK_FILE} was up to date`}. ${next}\n`);
  }
  return infeasible.length === 0 ? 0 : INFEASIBLE;
}
