import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BundleFile, manifestText, type Bundle } from "@edgewise/adapter";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));

/** A bundle as a user has it: a folder; with `installed`, the repository's onnxruntime-node beside it. */
export async function bundleFolder(bundle: Bundle, installed = true): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "edgewise-onnx-"));
  const files: readonly BundleFile[] = [...bundle.files, { path: "manifest.json", bytes: new TextEncoder().encode(manifestText(bundle.manifest)) }];
  for (const file of files) {
    await mkdir(dirname(join(path, file.path)), { recursive: true });
    await writeFile(join(path, file.path), file.bytes);
  }
  if (installed) await symlink(join(repository, "node_modules"), join(path, "node_modules"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface SelftestRun {
  readonly code: number;
  readonly text: string;
}

/** `node selftest.mjs` in a folder. */
export function runSelftest(path: string): Promise<SelftestRun> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["selftest.mjs"], { cwd: path }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr });
    });
  });
}
