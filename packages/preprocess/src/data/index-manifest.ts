import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { strFromU8 } from "fflate";
import { parseCsv } from "./csv.ts";
import { type Dataset, type DatasetInput, type Sample, dataError, endingOf, shownPath } from "./dataset.ts";
import { labelReader } from "./label.ts";

/** One line of a manifest: a file and its class. */
interface Entry {
  readonly line: number;
  readonly file: string;
  readonly label: string | null;
}

/**
 * A list of samples: CSV with the columns `file` and `label`, or JSON lines {"file": …, "label": …}. A CSV without
 * `file` is a table: each row a sample, the column `label` its class, all others its values in their order.
 * Paths are relative to the manifest's folder and stay inside it.
 * Errors: MANIFEST_INVALID, MANIFEST_PATH, FILE_NOT_FOUND, LABEL_UNKNOWN, DATA_UNLABELLED.
 */
export async function indexManifest(manifest: string, files: readonly string[], input: DatasetInput): Promise<Result<Dataset>> {
  const text = strFromU8(await input.port.read(manifest));
  const shown = shownPath(input.port, manifest);
  if (endingOf(input.port, manifest) === "jsonl") {
    const entries = jsonEntries(text, shown);
    return entries.ok ? indexEntries(entries.value, { manifest, files, input }) : entries;
  }
  const table = parseCsv(text);
  if (table.ragged.length > 0) return fail(...table.ragged.slice(0, 20).map((line) => lineError(shown, line, { code: "MANIFEST_INVALID", summary: "A line has another number of fields than the header", fix: "Correct the line." })));
  const fileColumn = table.header.indexOf("file");
  const labelColumn = table.header.indexOf("label");
  if (fileColumn < 0) return indexTable(table.rows.map((row, i) => ({ line: table.lines[i] ?? 0, label: row[labelColumn] ?? null })), { manifest, input });
  return indexEntries(table.rows.map((row, i) => ({ line: table.lines[i] ?? 0, file: row[fileColumn] ?? "", label: row[labelColumn] ?? null })), { manifest, files, input });
}

function jsonEntries(text: string, shown: string): Result<readonly Entry[]> {
  const entries: Entry[] = [];
  const errors: Diagnostic[] = [];
  text.split(/\r?\n/).forEach((written, i) => {
    if (written.trim() === "") return;
    const entry = jsonEntry(written, i + 1);
    if (entry === null) errors.push(lineError(shown, i + 1, { code: "MANIFEST_INVALID", summary: "Not a sample", found: written.slice(0, 80), expected: "{\"file\": \"a.png\", \"label\": \"cat\"}", fix: "Correct the line." }));
    else entries.push(entry);
  });
  return errors.length > 0 ? fail(...errors.slice(0, 20)) : ok(entries);
}

function jsonEntry(written: string, line: number): Entry | null {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("file" in value) || typeof value.file !== "string") return null;
  const label = "label" in value ? value.label : null;
  if (label !== null && typeof label !== "string" && typeof label !== "number") return null;
  return { line, file: value.file, label: label === null ? null : String(label) };
}

interface ManifestContext {
  readonly manifest: string;
  readonly files: readonly string[];
  readonly input: DatasetInput;
}

function indexEntries(entries: readonly Entry[], { manifest, files, input }: ManifestContext): Result<Dataset> {
  const shown = shownPath(input.port, manifest);
  const folder = manifest.includes("/") ? manifest.slice(0, manifest.lastIndexOf("/") + 1) : "";
  const present = manifest === "" ? null : new Set(files);
  const reader = labelReader(input.labels);
  const errors: Diagnostic[] = [];
  const samples = entries.map(({ file, label, line }): Sample => {
    const path = `${folder}${file.replace(/^\.\//, "")}`;
    if (!staysInside(file)) errors.push(lineError(shown, line, { code: "MANIFEST_PATH", summary: "A path leaves the manifest's folder", found: file, expected: "a path below it, with forward slashes", fix: "Move the file below the manifest, and name it relative to it." }));
    else if (present !== null && !present.has(path)) errors.push(lineError(shown, line, { code: "FILE_NOT_FOUND", summary: "The manifest names a file that is not there", found: file, fix: "Correct the path; it is relative to the manifest." }));
    return { id: path, file: path, row: null, label: classOf(label, { shown, line, reader, input, errors }) };
  });
  errors.push(...repeated(samples, shown), ...reader.errors);
  return errors.length > 0 ? fail(...errors.slice(0, 20)) : ok({ kind: input.kind, samples, targets: null });
}

function indexTable(rows: readonly Omit<Entry, "file">[], { manifest, input }: Omit<ManifestContext, "files">): Result<Dataset> {
  const shown = shownPath(input.port, manifest);
  if (input.kind === "image") return fail(dataError(shown, { code: "MANIFEST_INVALID", summary: "The manifest has no column `file`", expected: "a header with file and label", fix: "Add the header line file,label." }));
  const reader = labelReader(input.labels);
  const errors: Diagnostic[] = [];
  const samples = rows.map(({ line, label }, row): Sample => ({ id: `${shown}#${row}`, file: manifest, row, label: classOf(label, { shown, line, reader, input, errors }) }));
  errors.push(...reader.errors);
  return errors.length > 0 ? fail(...errors.slice(0, 20)) : ok({ kind: "tensor", samples, targets: null });
}

interface LabelContext {
  readonly shown: string;
  readonly line: number;
  readonly reader: ReturnType<typeof labelReader>;
  readonly input: DatasetInput;
  readonly errors: Diagnostic[];
}

function classOf(label: string | null, { shown, line, reader, input, errors }: LabelContext): number | null {
  if (input.labels === null) return null;
  if (label !== null && label !== "") return reader.read({ text: label, file: shown, line });
  // Data of a task without classes has no labels to miss.
  if (input.labels.length > 0) errors.push(lineError(shown, line, { code: "DATA_UNLABELLED", summary: "A sample has no label", expected: "a class name in label", fix: "Give it a label, or take the line out." }));
  return null;
}

function repeated(samples: readonly Sample[], shown: string): readonly Diagnostic[] {
  const seen = new Set<string>();
  const twice = samples.filter(({ id }) => seen.size === seen.add(id).size);
  const [first] = twice;
  return first === undefined ? [] : [dataError(shown, { code: "MANIFEST_INVALID", summary: "The manifest names a file twice", found: first.file, fix: "Take the second line out." })];
}

/** Relative, forward slashes, no step upwards. */
function staysInside(file: string): boolean {
  return file !== "" && !file.startsWith("/") && !/[\\\0]/.test(file) && !/^[a-z]:/i.test(file) && !file.split("/").includes("..");
}

function lineError(path: string, line: number, words: Omit<Diagnostic, "severity" | "subject">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path, line }, ...words };
}

