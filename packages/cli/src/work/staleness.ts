import { plan } from "@edgewise/planner";
import type { Diagnostic } from "@edgewise/graph";
import { type Digest, type Lock, canonicalText } from "@edgewise/planner/schema";
import { Trouble } from "../disk/trouble.ts";
import { type InputDigests, contractDigest, dataDigest, statedDigests } from "./inputs.ts";
import { taskContract } from "./labels.ts";
import { LOCK_FILE } from "./lock-file.ts";
import { findModels } from "./model-files.ts";
import { planInputOf } from "./replan.ts";
import type { Workspace } from "./workspace.ts";

/** Exit code of a lock that these inputs would not give. */
export const STALE = 4;

export interface Staleness {
  readonly problems: readonly Diagnostic[];
  /** Inputs that are not on this disk (a checkout without weights); the lock's own digests stand in for them. */
  readonly absent: readonly string[];
}

export function staleLock(summary: string, found: string): Diagnostic {
  return { code: "LOCK_STALE", severity: "error", subject: { kind: "file", path: LOCK_FILE }, summary, found, fix: "Run plan make, and commit the lock." };
}

/** Every input that is not what the lock was made from; with none, a plan that no longer follows from the lock's facts. */
export async function stalenessOf(workspace: Workspace, lock: Lock): Promise<Staleness> {
  const { found, absent } = await presentDigests(workspace);
  const isAbsent = (name: string): boolean => absent.includes(name.startsWith("model:") ? "models" : name);
  const names = [...new Set([...Object.keys(lock.inputs), ...Object.keys(found)])].filter((name) => !isAbsent(name)).sort();
  const problems = names.filter((name) => found[name] !== lock.inputs[name])
    .map((name) => staleLock(`${name} is not what the lock was made from`, found[name] === undefined ? "gone" : lock.inputs[name] === undefined ? "new" : "changed"));
  if (problems.length > 0 || canonicalText(plan(planInputOf(workspace, lock))) === canonicalText(lock.plan)) return { problems, absent };
  return { problems: [staleLock("The lock's facts lead to another plan than the one it holds", "an edited lock, or one made by another version")], absent };
}

interface PresentDigests {
  readonly found: InputDigests["all"];
  readonly absent: readonly string[];
}

/** Digests of all that is on disk, and the names of what is not. */
async function presentDigests(workspace: Workspace): Promise<PresentDigests> {
  const { root, spec } = workspace;
  const { evaluation, calibration } = spec.task;
  const absent: string[] = [];
  const unlessAbsent = async (name: string, work: () => Promise<Readonly<Record<string, Digest>>>): Promise<InputDigests["all"]> => {
    try {
      return await work();
    } catch (error) {
      if (!isAbsence(error)) throw error;
      absent.push(name);
      return {};
    }
  };
  const found = {
    ...statedDigests(workspace),
    ...await unlessAbsent("contract", async () => ({ contract: contractDigest(await taskContract(workspace)) })),
    ...calibration === null ? {} : await unlessAbsent("data:calibration", async () => ({ "data:calibration": await dataDigest(root, calibration.data) })),
    ...evaluation === null ? {} : await unlessAbsent("data:evaluation", async () => ({ "data:evaluation": await dataDigest(root, evaluation.data) })),
    ...await unlessAbsent("models", async () => Object.fromEntries((await findModels(root, spec.models)).map((model) => [`model:${model.file}`, model.digest]))),
  };
  return { found, absent };
}

/** Files that a bare checkout lacks, and nothing else. */
function isAbsence(error: unknown): boolean {
  return error instanceof Trouble && error.diagnostics.every(({ code }) => code === "FILE_NOT_FOUND" || code === "NO_MODELS");
}
