import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** Every file below a folder with the sha256 of its bytes, sorted by path: two equal trees hold the same bytes. */
export function treeDigests(root: string, below: string): Readonly<Record<string, string>> {
  const files = readdirSync(join(root, below), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((entry) => join(entry.parentPath, entry.name)).sort()
    .map((path) => [relative(root, path), createHash("sha256").update(readFileSync(path)).digest("hex")]));
}
