import { spawnSync } from "node:child_process";
import type { Deployment, Lock } from "@edgewise/planner/schema";
import { suggest } from "@edgewise/planner/schema";
import type { Context } from "../context.ts";
import { Trouble } from "../disk/trouble.ts";
import { renderTable } from "../render/table.ts";
import { bytes, milliseconds, percent } from "../render/units.ts";
import { LOCK_FILE, loadLock, parseLock } from "../work/lock-file.ts";
import { openWorkspace } from "../work/workspace.ts";

/** `plan diff` found a difference. */
const CHANGED = 5;

interface Change {
  readonly target: string;
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** `plan diff [ref]`: the lock now against the lock in a git ref. */
export async function diff(context: Context, ref = "HEAD"): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const now = await loadLock(workspace.root);
  if (now === null) throw noLock();
  const before = lockAt(workspace.root, ref);
  const changes = compare(before, now);
  context.terminal.out(context.json ? `${JSON.stringify({ ref, changes }, null, 2)}\n` : context.flags["markdown"] === true ? markdown(ref, changes) : text(ref, changes));
  return changes.length === 0 ? 0 : CHANGED;
}

export function noLock(): Trouble {
  return new Trouble([{ code: "NO_LOCK", severity: "error", subject: { kind: "file", path: LOCK_FILE }, summary: "There is no lock yet", fix: "Run plan make first." }]);
}

function lockAt(root: string, ref: string): Lock | null {
  // A ref is handed to git as data: an option-like name is refused by --end-of-options.
  const shown = spawnSync("git", ["show", "--end-of-options", `${ref}:./${LOCK_FILE}`], { cwd: root, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
  if (shown.error !== undefined) {
    throw new Trouble([{ code: "NO_GIT", severity: "error", subject: { kind: "argument", name: "ref" }, summary: "git cannot be run here", detail: shown.error.message, fix: "Install git: plan diff reads the earlier lock from it." }]);
  }
  if (shown.status === 0) return parseLock(shown.stdout, `${ref}:${LOCK_FILE}`);
  const known = spawnSync("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], { cwd: root, encoding: "utf8" });
  if (known.status === 0) return null;
  const refs = spawnSync("git", ["for-each-ref", "--format=%(refname:short)"], { cwd: root, encoding: "utf8" });
  const near = suggest(ref, (refs.stdout ?? "").split("\n").filter((name) => name !== ""));
  throw new Trouble([{ code: "UNKNOWN_REF", severity: "error", subject: { kind: "argument", name: "ref" }, summary: `git knows no ${ref} here`, found: ref, fix: near === null ? "Name a branch, tag or commit of the repository that holds the plan." : `Did you mean ${near}?` }]);
}

function describe(deployment: Deployment | undefined): Readonly<Record<string, string>> {
  if (deployment === undefined) return {};
  const choice = deployment.choice;
  if (choice === null) return { choice: "none feasible" };
  const { candidate, costs } = choice;
  const cost = (value: { readonly low: number; readonly high: number } | undefined, show: (value: number) => string): string | undefined =>
    value === undefined ? undefined : value.low === value.high ? show(value.low) : `${show(value.low)} – ${show(value.high)}`;
  const entries = {
    choice: `${candidate.file} ${candidate.precision} ${candidate.runtime} ${candidate.runtimeVersion}/${candidate.backend}`,
    device: candidate.device,
    accuracy: cost(costs.accuracy, percent), latency: cost(costs.latency, milliseconds),
    ram: cost(costs.ram, bytes), flash: cost(costs.flash, bytes), bundle: cost(costs.bundle, bytes),
    "delegate coverage": cost(costs.delegate, percent), "latency known by": costs.latency?.basis,
  };
  return Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => value === undefined ? [] : [[key, value]]));
}

function compare(before: Lock | null, after: Lock): readonly Change[] {
  const byName = (lock: Lock | null): ReadonlyMap<string, Deployment> => new Map((lock?.plan.deployments ?? []).map((deployment) => [deployment.target, deployment]));
  const [old, now] = [byName(before), byName(after)];
  const deployments = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((target) => {
    const [was, is] = [describe(old.get(target)), describe(now.get(target))];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((what) => was[what] !== is[what])
      .map((what) => ({ target, what, before: was[what] ?? "–", after: is[what] ?? "–" }));
  });
  const [was, is] = [before?.inputs ?? {}, after.inputs];
  const inputs = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().filter((name) => was[name] !== is[name])
    .map((name) => ({ target: "(inputs)", what: name, before: was[name]?.slice(0, 12) ?? "–", after: is[name]?.slice(0, 12) ?? "–" }));
  return [...deployments, ...inputs];
}

function text(ref: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `The plan is as in ${ref}.\n`;
  return renderTable([{ title: "target" }, { title: "what" }, { title: ref }, { title: "now" }], changes.map((change) => [change.target, change.what, change.before, change.after]));
}

function markdown(ref: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `**Deployment plan:** as in \`${ref}\`.\n`;
  const cell = (value: string): string => value.replaceAll("|", "\\|");
  return ["**Deployment plan changed**", "", `| target | what | ${cell(ref)} | now |`, "|---|---|---|---|", ...changes.map((change) => `| ${cell(change.target)} | ${cell(change.what)} | ${cell(change.before)} | ${cell(change.after)} |`), ""].join("\n");
}
