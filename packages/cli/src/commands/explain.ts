import { explain, explanationMarkdown, explanationText } from "@edgewise/planner";
import type { Context } from "../context.ts";
import { loadLock } from "../work/lock-file.ts";
import { openWorkspace } from "../work/workspace.ts";
import { noLock } from "./diff.ts";
import { chosenDeployments } from "./emit.ts";

/** `plan explain [target]`: from the lock alone; no model or data is read. */
export async function explainPlan(context: Context, target?: string): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const lock = await loadLock(workspace.root);
  if (lock === null) throw noLock();
  chosenDeployments(lock, target === undefined ? [] : [target]);
  const explanation = explain(lock.plan, target === undefined ? {} : { target });
  context.terminal.out(context.json ? `${JSON.stringify(explanation, null, 2)}\n` : context.flags["markdown"] === true ? explanationMarkdown(explanation) : explanationText(explanation));
  return 0;
}
