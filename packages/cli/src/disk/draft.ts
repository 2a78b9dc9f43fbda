import { createHash, randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

/** Machines that share a disk do not know each other's processes: a draft says where it was begun. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const draftName = /^\.edgewise-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/;

/** A hidden name beside `path` that no other process uses. */
export function draftBeside(path: string): string {
  return join(dirname(path), `.edgewise-${machine}-${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
}

/** Removes what runs of this machine that were killed have left in a folder, where it can. Drafts of live runs stay. */
export async function removeDeadDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, where, pid] = draftName.exec(name) ?? [];
    if (where === machine && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it lives.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
