import type { Diagnostic } from "@edgewise/graph";
import { suggest } from "@edgewise/planner/schema";
import { dataError } from "./dataset.ts";

/** What the data calls a class, and where. */
export interface WrittenLabel {
  readonly text: string;
  /** Path for diagnostics. */
  readonly file: string;
  readonly line?: number;
}

/** Turns written labels into indices, and remembers each unknown one once. */
export interface LabelReader {
  /** Null where labels do not matter, or after an unknown one. */
  read(written: WrittenLabel): number | null;
  readonly errors: readonly Diagnostic[];
}

/**
 * A label is a class name, else a class number from 0. Names go first: classes may be called "3", "1".
 * Error: LABEL_UNKNOWN, with the nearest name.
 */
export function labelReader(labels: readonly string[] | null): LabelReader {
  const indices = new Map((labels ?? []).map((label, index) => [label, index]));
  const unknown = new Map<string, Diagnostic>();
  const read = (written: WrittenLabel): number | null => {
    if (labels === null) return null;
    const named = indices.get(written.text);
    if (named !== undefined) return named;
    const number = /^\d{1,9}(\.0*)?$/.test(written.text) ? Number(written.text) : Number.NaN;
    if (number < labels.length) return number;
    if (!unknown.has(written.text)) unknown.set(written.text, unknownLabel(written, labels));
    return null;
  };
  return { read, get errors() { return [...unknown.values()]; } };
}

function unknownLabel({ text, file, line }: WrittenLabel, labels: readonly string[]): Diagnostic {
  const near = suggest(text, labels);
  return {
    ...dataError(file, {
      code: "LABEL_UNKNOWN", summary: "The data names a class that the labels do not have", found: text,
      expected: labels.length <= 12 ? labels.join(", ") : `one of ${labels.length} labels`,
      fix: near === null ? "Add it to task.output.labels, or take these samples out." : `Did you mean ${near}? Rename it, or correct task.output.labels.`,
    }),
    subject: { kind: "file", path: file, ...(line === undefined ? {} : { line }) },
  };
}
