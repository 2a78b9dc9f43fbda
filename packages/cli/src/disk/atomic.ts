import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { draftBeside, removeDeadDrafts } from "./draft.ts";

/**
 * Writes a file so that a reader sees the old bytes or the new ones, never a mixture: a sibling is written, synced
 * and renamed over it. A full disk or Ctrl-C leaves the old file as it was; a hidden draft that a killed run left
 * there goes with the next write.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  await makeFolder(dirname(path));
  await removeDeadDrafts(dirname(path));
  const draft = draftBeside(path);
  try {
    await writeSynced(draft, content);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Replaces a whole folder at once. The new one is complete on disk before the old one moves away; if the last rename
 * fails the old one moves back. Killed between the two renames, there is no folder: absent, never half.
 */
export async function writeFolderAtomic(folder: string, files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Promise<void> {
  await makeFolder(dirname(folder));
  await removeDeadDrafts(dirname(folder));
  const draft = draftBeside(folder);
  const old = draftBeside(folder);
  try {
    for (const { path, bytes } of files) {
      const file = join(draft, ...path.split("/"));
      await makeFolder(dirname(file));
      await writeSynced(file, bytes);
    }
    const had = await renameIfPresent(folder, old);
    try {
      await rename(draft, folder);
    } catch (error) {
      if (had) await rename(old, folder);
      throw error;
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/**
 * The folder and those above it. Not `mkdir({ recursive: true })`: on a read-only disk that says ENOENT of the folder
 * to be made, and a user would look for a wrong path.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeFolder(folder);
  }
}

/** A new file whose bytes are on the disk when this returns. */
async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function renameIfPresent(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
