import type { Diagnostic } from "@edgewise/graph";

/** Thrown by commands for what the user can mend; caught once, in `main`, and rendered. */
export class Trouble extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly exitCode: number;
  constructor(diagnostics: readonly Diagnostic[], exitCode = 1) {
    super(diagnostics.map(({ code, summary }) => `${code}: ${summary}`).join("\n"));
    this.diagnostics = diagnostics;
    this.exitCode = exitCode;
  }
}

interface Wording {
  readonly code: string;
  readonly summary: string;
  readonly fix: string;
}

const wordings: Readonly<Record<string, Wording>> = {
  ENOENT: { code: "FILE_NOT_FOUND", summary: "There is no such file", fix: "Check the path; it is relative to the plan file." },
  ENOTDIR: { code: "FILE_NOT_FOUND", summary: "A part of the path is not a folder", fix: "Check the path; it is relative to the plan file." },
  EEXIST: { code: "NOT_A_FOLDER", summary: "There is a file where a folder must be", fix: "Move it away." },
  EISDIR: { code: "NOT_A_FILE", summary: "There is a folder where a file must be", fix: "Name a file, or move the folder away." },
  EACCES: { code: "FILE_FORBIDDEN", summary: "This file may not be opened", fix: "Change its permissions." },
  EPERM: { code: "FILE_FORBIDDEN", summary: "This file may not be opened", fix: "Change its permissions." },
  EROFS: { code: "DISK_READ_ONLY", summary: "The disk is read-only", fix: "Plan in a folder that can be written; nothing was changed." },
  ENOSPC: { code: "DISK_FULL", summary: "The disk is full", fix: "Make room and run again; nothing was half-written." },
  EFBIG: { code: "DISK_FULL", summary: "A file may not grow further", fix: "Raise the limit on file sizes and run again; nothing was half-written." },
  EDQUOT: { code: "DISK_FULL", summary: "The disk quota is used up", fix: "Make room and run again; nothing was half-written." },
};

/** Refusals too rare for words of their own; the system's stand beside it. */
const other: Wording = { code: "FILE_TROUBLE", summary: "The file system refused", fix: "See what it says, and run again." };

/** The file system's refusals as diagnostics; null when the error is our own. */
export function fileTrouble(error: unknown, fallbackPath: string): Diagnostic | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  const isSystem = "syscall" in error && /^E[A-Z0-9]+$/.test(error.code);
  const wording = wordings[error.code] ?? (isSystem ? other : null);
  if (wording === null) return null;
  const path = "path" in error && typeof error.path === "string" ? error.path : fallbackPath;
  return { ...wording, severity: "error", subject: { kind: "file", path }, detail: error.message };
}
