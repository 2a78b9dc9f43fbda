import type { Diagnostic } from "@edgewise/graph";
import type { Bundle } from "./bundle.ts";
import { digest } from "./digest.ts";

/** Every file of the manifest is there with the stated bytes, and nothing else is: the part of `check` all adapters share. */
export function checkFiles(bundle: Bundle): readonly Diagnostic[] {
  const { target } = bundle.manifest.candidate;
  const there = new Map(bundle.files.map((file) => [file.path, file.bytes]));
  const broken = (path: string, about: Pick<Diagnostic, "code" | "summary" | "found" | "expected">): Diagnostic =>
    ({ severity: "error", subject: { kind: "file", path: `bundles/${target}/${path}` }, fix: "Run plan emit again.", ...about });
  const missingOrChanged = bundle.manifest.files.flatMap(({ path, sha256 }): readonly Diagnostic[] => {
    const bytes = there.get(path);
    if (bytes === undefined) return [broken(path, { code: "BUNDLE_FILE_MISSING", summary: "A file of the bundle is missing" })];
    const found = digest(bytes);
    return found === sha256 ? [] : [broken(path, { code: "BUNDLE_FILE_CHANGED", summary: "A file of the bundle was changed", found, expected: sha256 })];
  });
  const listed = new Set(bundle.manifest.files.map(({ path }) => path));
  const strays = bundle.files.filter(({ path }) => !listed.has(path)).map(({ path }) => broken(path, { code: "BUNDLE_STRAY_FILE", summary: "A file is not in the bundle's manifest" }));
  return [...missingOrChanged, ...strays];
}
