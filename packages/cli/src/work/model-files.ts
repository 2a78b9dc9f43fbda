import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { digest } from "@edgewise/adapter";
import type { Diagnostic } from "@edgewise/graph";
import type { Digest, ModelSource } from "@edgewise/planner/schema";
import { glob } from "tinyglobby";
import { Trouble, fileTrouble } from "../disk/trouble.ts";

/** Larger files are read neither whole nor in part: their weights belong in external data. */
const MAX_MODEL_BYTES = 2 ** 31;

/** One model file that the plan names. Its bytes are read when asked for, and not kept. */
export interface ModelFile {
  /** Relative to plan.yaml, forward slashes. */
  readonly file: string;
  readonly path: string;
  readonly digest: Digest;
  readonly source: ModelSource;
}

/** Expands paths and globs, sorted by file name and resolution; a source that names nothing is a mistake. */
export async function findModels(root: string, sources: readonly ModelSource[]): Promise<readonly ModelFile[]> {
  const errors: Diagnostic[] = [];
  const found = new Map<string, ModelFile>();
  for (const source of sources) {
    const paths = /[*?[{]/.test(source.path) ? await glob(source.path, { cwd: root, absolute: true, expandDirectories: false }) : [join(root, source.path)];
    if (paths.length === 0) {
      errors.push({ code: "NO_MODELS", severity: "error", subject: { kind: "file", path: source.path }, summary: "No model file matches", found: source.path, fix: "Correct the pattern; it is relative to the plan file." });
    }
    for (const path of [...paths].sort()) {
      const file = relative(root, path).split(sep).join("/");
      const bytes = await readModel(path, file, errors);
      const key = `${file}|${JSON.stringify(source.resolution)}`;
      if (bytes !== null && !found.has(key)) found.set(key, { file, path, digest: digest(bytes), source });
    }
  }
  if (errors.length > 0) throw new Trouble(errors);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, model]) => model);
}

async function readModel(path: string, file: string, errors: Diagnostic[]): Promise<Uint8Array | null> {
  try {
    const bytes = await readFile(path);
    if (bytes.length <= MAX_MODEL_BYTES) return bytes;
    errors.push({ code: "MODEL_TOO_LARGE", severity: "error", subject: { kind: "file", path: file }, summary: "The model file is too large", found: `${bytes.length} bytes`, expected: `at most ${MAX_MODEL_BYTES}`, fix: "Store the weights as external data." });
  } catch (error) {
    const trouble = fileTrouble(error, file);
    if (trouble === null) throw error;
    errors.push({ ...trouble, subject: { kind: "file", path: file } });
  }
  return null;
}
