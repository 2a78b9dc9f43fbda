import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lock, canonicalText, readLock } from "@edgewise/planner/schema";
import { writeFileAtomic } from "../disk/atomic.ts";
import { removeDeadDrafts } from "../disk/draft.ts";
import { Trouble } from "../disk/trouble.ts";

export const LOCK_FILE = "plan.lock.json";

/** The lock beside the plan; null when there is none. A lock that is not one is a mistake, never silently redone. */
export async function loadLock(root: string): Promise<Lock | null> {
  let text: string;
  try {
    text = await readFile(join(root, LOCK_FILE), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  return parseLock(text, LOCK_FILE);
}

export function parseLock(text: string, shown: string): Lock {
  const result = readLock(text, shown);
  if (!result.ok) throw new Trouble(result.errors);
  return result.value;
}

/** Keys sorted, two spaces, newline at the end: the same facts are the same bytes, and diffs are readable. */
export function lockText(lock: Lock): string {
  return `${JSON.stringify(JSON.parse(canonicalText(lock)), null, 1)}\n`;
}

export async function saveLock(root: string, lock: Lock): Promise<boolean> {
  const path = join(root, LOCK_FILE);
  const text = lockText(lock);
  const before = await readFile(path, "utf8").catch(() => null);
  if (before === text) {
    await removeDeadDrafts(root);
    return false;
  }
  await writeFileAtomic(path, text);
  return true;
}
