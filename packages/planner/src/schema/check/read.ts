import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import type { z } from "zod";
import type { Manifest } from "../manifest.ts";
import type { Lock } from "../plan.ts";
import { lockDocument, manifestDocument } from "./plan.ts";

/** Reports at most this many faults of a generated file: it is regenerated, not mended by hand. */
const MAX_FAULTS = 5;

function readJson<T>(text: string, about: { readonly file: string; readonly schema: z.ZodType<T>; readonly fix: string }): Result<T> {
  const subject: Diagnostic["subject"] = { kind: "file", path: about.file };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    return fail({ code: "JSON_SYNTAX", severity: "error", subject, summary: "This is not JSON", detail: error instanceof Error ? error.message : "", fix: about.fix });
  }
  const parsed = about.schema.safeParse(root);
  if (parsed.success) return ok(parsed.data);
  return fail(...parsed.error.issues.slice(0, MAX_FAULTS).map((issue): Diagnostic => ({
    code: "DOCUMENT_INVALID", severity: "error", subject: { ...subject, keyPath: issue.path.join(".") },
    summary: `${issue.path.join(".") || "the document"}: ${issue.message}`, fix: about.fix,
  })));
}

/** Reads plan.lock.json. */
export function readLock(text: string, file: string): Result<Lock> {
  return readJson(text, { file, schema: lockDocument, fix: "Restore the file from version control, or delete it and run plan make." });
}

/** Reads manifest.json of a bundle. */
export function readManifest(text: string, file: string): Result<Manifest> {
  return readJson(text, { file, schema: manifestDocument, fix: "Run plan emit again." });
}
