import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import { type PackageFile, packagePaths } from "./package-files.ts";
import { brokenFile } from "./problems.ts";
import { decodeUtf8 } from "../utf8.ts";

/** The parts of a package that describe the model. */
export interface OpenPackage {
  readonly modelPath: string;
  readonly model: Uint8Array;
  /** Files beside the model, by the path that follows @model_path/ in the model. */
  readonly beside: ReadonlyMap<string, PackageFile>;
}

/** Finds the model of a package by its manifest. Errors: COREML_PACKAGE. */
export function openPackage(files: readonly PackageFile[]): Result<OpenPackage> {
  const manifest = files.find(({ path }) => path === packagePaths.manifest);
  if (manifest === undefined) return fail(packageProblem(packagePaths.manifest, { found: `${files.length} other files`, expected: packagePaths.manifest }));
  const path = rootPath(manifest.bytes);
  if (path === null) return fail(packageProblem(packagePaths.manifest, { found: "no root model", expected: "fileFormatVersion 1.0.0, and the item of rootModelIdentifier with a path" }));
  const modelPath = `Data/${path}`;
  const model = files.find((file) => file.path === modelPath);
  if (model === undefined) return fail(packageProblem(modelPath, { found: files.map((file) => file.path).slice(0, 8).join(", "), expected: modelPath }));
  const folder = modelPath.slice(0, modelPath.lastIndexOf("/") + 1);
  const beside = files.filter((file) => file.path.startsWith(folder)).map((file): [string, PackageFile] => [file.path.slice(folder.length), file]);
  return ok({ modelPath, model: model.bytes, beside: new Map(beside) });
}

function packageProblem(path: string, about: { readonly found: string; readonly expected: string }): Diagnostic {
  return brokenFile(path, { code: "COREML_PACKAGE", summary: "The package has no model where its manifest says", ...about, fix: "Give all files of the .mlpackage folder, with paths relative to it." });
}

/** Path of the model below Data; null when the manifest does not lead to one. */
function rootPath(bytes: Uint8Array): string | null {
  const manifest = bytes.length > MAX_MANIFEST_BYTES ? null : parsed(bytes);
  const root = field(manifest, "rootModelIdentifier");
  const path = typeof root === "string" ? field(field(field(manifest, "itemInfoEntries"), root), "path") : null;
  return field(manifest, "fileFormatVersion") === "1.0.0" && typeof path === "string" ? path : null;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch {
    return null;
  }
}

function field(object: unknown, key: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, key) ? (object as Readonly<Record<string, unknown>>)[key] : undefined;
}
