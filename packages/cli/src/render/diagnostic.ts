import type { Diagnostic, Subject } from "@edgewise/graph";
import type { Paint } from "./paint.ts";

function place(subject: Subject): string {
  switch (subject.kind) {
    case "file": {
      const at = subject.line === undefined ? subject.byteOffset === undefined ? "" : ` at byte ${subject.byteOffset}` : `:${subject.line}:${subject.column ?? 1}`;
      return `${subject.path}${at}`;
    }
    case "node": return `${subject.file}, node ${subject.node} (${subject.op})`;
    case "target": return `target ${subject.target}`;
    case "device": return `device ${subject.device}`;
    case "argument": return subject.name;
    default: return subject satisfies never;
  }
}

/** The line of the mistake between its neighbours, with a caret under the column. */
function codeFrame(text: string, line: number, column: number): readonly string[] {
  const lines = text.split(/\r?\n/);
  const width = String(line + 1).length;
  return [line - 1, line, line + 1].flatMap((number) => {
    const content = lines[number - 1];
    if (content === undefined || (number !== line && content.trim() === "")) return [];
    const row = `  ${String(number).padStart(width)} | ${content}`;
    return number === line ? [row, `  ${" ".repeat(width)} | ${" ".repeat(Math.max(0, column - 1))}^`] : [row];
  });
}

/** Names of further nodes shown for one mistake; their number is always told. */
const MORE_NODES = 5;

/** Every mistake once: nodes of one file that share a mistake are told together. Ends with an empty line each. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, paint: Paint): string {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const { subject } = diagnostic;
    const key = subject.kind === "node" ? JSON.stringify([diagnostic.code, diagnostic.summary, subject.file]) : JSON.stringify(diagnostic);
    groups.set(key, [...(groups.get(key) ?? []), diagnostic]);
  }
  return [...groups.values()].map(([first, ...rest]) => {
    if (first === undefined) return "";
    const names = rest.map(({ subject }) => subject.kind === "node" ? subject.node : "");
    const more = names.length === 0 ? "" : `  also at   ${names.slice(0, MORE_NODES).join(", ")}${names.length > MORE_NODES ? ` and ${names.length - MORE_NODES} more` : ""}\n`;
    return `${renderDiagnostic(first, sources, paint)}${more}\n`;
  }).join("");
}

/** What, where, found against expected, and the next step. `sources` holds the texts of files for code frames. */
export function renderDiagnostic(diagnostic: Diagnostic, sources: ReadonlyMap<string, string>, paint: Paint): string {
  const { subject } = diagnostic;
  const head = diagnostic.severity === "error" ? paint("red", `error ${diagnostic.code}`) : paint("yellow", `warning ${diagnostic.code}`);
  const source = subject.kind === "file" ? sources.get(subject.path) : undefined;
  const frame = source !== undefined && subject.kind === "file" && subject.line !== undefined ? codeFrame(source, subject.line, subject.column ?? 1) : [];
  const rows = [
    `${head}: ${paint("bold", diagnostic.summary)}`,
    `  ${paint("cyan", place(subject))}`,
    ...frame,
    ...(diagnostic.found === undefined ? [] : [`  found:    ${diagnostic.found}`]),
    ...(diagnostic.expected === undefined ? [] : [`  expected: ${diagnostic.expected}`]),
    ...(diagnostic.detail === undefined ? [] : [`  ${diagnostic.detail}`]),
    `  ${paint("green", "next:")}     ${diagnostic.fix}`,
  ];
  return `${rows.join("\n")}\n`;
}
