import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "@edgewise/adapter";
import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { readManifest } from "@edgewise/planner/schema";
import { writeFolderAtomic } from "../disk/atomic.ts";
import { fileTrouble } from "../disk/trouble.ts";
import { listFiles } from "./data-files.ts";

export function bundlePath(root: string, target: string): string {
  return join(root, "bundles", target);
}

export const MANIFEST_FILE = "manifest.json";

/** Replaces bundles/<target> at once; `manifestText` stands beside the files it lists. */
export async function saveBundle(root: string, target: string, bundle: Bundle & { readonly manifestText: string }): Promise<void> {
  const manifest = { path: MANIFEST_FILE, bytes: new TextEncoder().encode(bundle.manifestText) };
  await writeFolderAtomic(bundlePath(root, target), [...bundle.files, manifest]);
}

/** Reads bundles/<target> back, every file that lies there; null when it was never emitted. */
export async function loadBundle(root: string, target: string): Promise<Result<Bundle> | null> {
  const shown = `bundles/${target}/${MANIFEST_FILE}`;
  let text: string;
  try {
    text = await readFile(join(bundlePath(root, target), MANIFEST_FILE), "utf8");
  } catch (error) {
    const trouble = fileTrouble(error, shown);
    if (trouble?.code === "FILE_NOT_FOUND") return null;
    throw error;
  }
  const manifest = readManifest(text, shown);
  if (!manifest.ok) return manifest;
  const names = (await listFiles(root, `bundles/${target}`)).filter((name) => name !== MANIFEST_FILE);
  const files = await Promise.all(names.map(async (path) => ({ path, bytes: await readFile(join(bundlePath(root, target), ...path.split("/"))) })));
  const listed = new Set(manifest.value.files.map(({ path }) => path));
  const strays = names.filter((name) => !listed.has(name)).map((name): Diagnostic => ({
    code: "BUNDLE_STRAY_FILE", severity: "error", subject: { kind: "file", path: `bundles/${target}/${name}` }, summary: "This file is not in the bundle's manifest", fix: "Run plan emit again; keep your own files elsewhere.",
  }));
  return strays.length > 0 ? fail(...strays) : ok({ manifest: manifest.value, files });
}
