/** Where a mistake is, in the user's words: their file, their node, their target. */
export type Subject =
  | { readonly kind: "file"; readonly path: string; readonly line?: number; readonly column?: number; readonly byteOffset?: number; readonly keyPath?: string }
  | { readonly kind: "node"; readonly file: string; readonly node: string; readonly op: string }
  | { readonly kind: "target"; readonly target: string }
  | { readonly kind: "device"; readonly device: string }
  | { readonly kind: "argument"; readonly name: string };

/**
 * A user's mistake, as data. Words are rendered at the edge from these fields; `code` is stable and
 * is what tests and CI match on.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly subject: Subject;
  readonly found?: string;
  readonly expected?: string;
  readonly detail?: string;
  /** What to do next, as an imperative sentence. */
  readonly fix: string;
}

/** A value, or every mistake that prevented it; warnings may accompany a value. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

export function ok<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

export function fail(...errors: readonly Diagnostic[]): Result<never> {
  return { ok: false, errors };
}
