/** One table: every row has as many fields as `header`, or a line in `ragged` says which has not. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** 1-based line of each row in the file. */
  readonly lines: readonly number[];
  /** Lines whose number of fields differs from the header's. */
  readonly ragged: readonly number[];
}

/**
 * Comma-separated text with a header line; quoted fields may hold commas, doubled quotes and line breaks (RFC 4180).
 * Empty lines are skipped, a byte order mark is dropped, fields are trimmed unless quoted.
 */
export function parseCsv(text: string): Table {
  const records = recordsOf(text.replace(/^\uFEFF/, ""));
  const [first, ...rest] = records;
  const header = first?.fields ?? [];
  const ragged = rest.filter(({ fields }) => fields.length !== header.length).map(({ line }) => line);
  const whole = rest.filter(({ fields }) => fields.length === header.length);
  return { header, rows: whole.map(({ fields }) => fields), lines: whole.map(({ line }) => line), ragged };
}

interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A field, then what ends it: comma, line break, or the end of the text. */
const FIELD = /(?:[ \t]*"((?:[^"]|"")*)"[ \t]*|([^,\r\n]*))(,|\r\n|\n|\r|$)/gy;

function recordsOf(text: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = 1;
  let started = 1;
  for (const [all, quoted, bare, end] of text.matchAll(FIELD)) {
    fields.push(quoted === undefined ? (bare ?? "").trim() : quoted.replaceAll("\"\"", "\""));
    line += all.split(/\r\n|\n|\r/).length - 1;
    if (end === ",") continue;
    if (fields.length > 1 || fields[0] !== "") records.push({ line: started, fields });
    fields = [];
    started = line;
    if (end === "") break;
  }
  return records;
}
