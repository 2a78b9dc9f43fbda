import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Accepted, acceptResults } from "@edgewise/planner";
import { type LatencyFact, type Lock, MAX_RESULTS_CHARACTERS, type Results, canonicalText, readResults, suggest } from "@edgewise/planner/schema";
import { invariant } from "@edgewise/graph";
import { Trouble, fileTrouble } from "../disk/trouble.ts";
import { loadBundle } from "./bundle-folder.ts";
import type { Workspace } from "./workspace.ts";

/** What a device's results say of the bundle they name; every reason against them is a `Trouble`. */
export async function importResults(workspace: Workspace, lock: Lock, about: { readonly cwd: string; readonly file: string }): Promise<Accepted & { readonly results: Results }> {
  const results = await openResults(about);
  const known = lock.plan.deployments.map(({ target }) => target);
  if (!known.includes(results.target)) {
    const near = suggest(results.target, known);
    throw new Trouble([{ code: "RESULTS_OTHER_TARGET", severity: "error", subject: { kind: "file", path: about.file, keyPath: "target" }, summary: "The plan has no such target", found: results.target, expected: known.join(", "), fix: near === null ? "Import it beside the plan.yaml that the bundle was made from." : `Did the target's name change from ${near}? Emit its bundle again and run that.` }]);
  }
  const bundle = await loadBundle(workspace.root, results.target);
  if (bundle === null) {
    throw new Trouble([{ code: "NOT_EMITTED", severity: "error", subject: { kind: "target", target: results.target }, summary: "There is no bundle to compare the results with", fix: `Run plan emit ${results.target}: the same lock gives the same bytes.` }]);
  }
  if (!bundle.ok) throw new Trouble(bundle.errors);
  const { manifest } = bundle.value;
  const device = workspace.devices.find(({ id }) => id === manifest.candidate.device);
  invariant(device !== undefined, `a device ${manifest.candidate.device}: the plan was read with it`);
  const accepted = acceptResults({ results, file: about.file, lock, manifest, device });
  if (!accepted.ok) throw new Trouble(accepted.errors);
  return { ...accepted.value, results };
}

/** Characters of UTF-8 take at most four bytes. */
const LARGEST_BYTES = 4 * MAX_RESULTS_CHARACTERS;

async function openResults({ cwd, file }: { readonly cwd: string; readonly file: string }): Promise<Results> {
  let text: string;
  try {
    const path = resolve(cwd, file);
    const { size } = await stat(path);
    // The reader refuses what is too large; what is far too large need not even be loaded.
    text = size > LARGEST_BYTES ? " ".repeat(LARGEST_BYTES) : await readFile(path, "utf8");
  } catch (error) {
    const trouble = fileTrouble(error, file);
    if (trouble === null) throw error;
    throw new Trouble([{ ...trouble, subject: { kind: "file", path: file }, ...(trouble.code === "FILE_NOT_FOUND" ? { fix: "Name the file that the benchmark on the device printed." } : {}) }]);
  }
  const read = readResults(text, file);
  if (!read.ok) throw new Trouble(read.errors);
  return read.value;
}

/** The lock with a fact more; one of the same key is replaced. */
export function withLatency(lock: Lock, fact: LatencyFact): Lock {
  const keyOf = ({ device, runtime, runtimeVersion, backend, model, precision, resolution }: LatencyFact): string => canonicalText([device, runtime, runtimeVersion, backend, model, precision, resolution]);
  const byKey = new Map([...lock.latencies, fact].map((one) => [keyOf(one), one]));
  return { ...lock, latencies: [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one) };
}
