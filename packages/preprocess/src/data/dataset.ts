import type { Diagnostic } from "@edgewise/graph";

/** Where the bytes of a data set come from. */
export interface DataPort {
  /** Path for diagnostics and, for a single file, its kind: "data/test", "data/test.csv". */
  readonly name: string;
  /** Every file below the folder, relative with forward slashes, sorted; [""] when the data is one file. */
  list(): Promise<readonly string[]>;
  /** A listed file. Where the data is one manifest, other names are relative to its folder. */
  read(file: string): Promise<Uint8Array>;
}

export interface Sample {
  /** Unique in its data set: the file, with "#row" where the file holds many. */
  readonly id: string;
  readonly file: string;
  /** Row of an array or table; null: the whole file is the sample. */
  readonly row: number | null;
  /** Index into the labels; null where the data has none. */
  readonly label: number | null;
}

export interface Dataset {
  readonly kind: "image" | "tensor";
  /** In the order of the files, rows in order. */
  readonly samples: readonly Sample[];
  /** Array whose rows are what the model should return (`y` with more than class numbers); null where there is none. */
  readonly targets: { readonly file: string; readonly key: string | null } | null;
}

export interface DatasetInput {
  readonly port: DataPort;
  readonly kind: "image" | "tensor";
  /** Class names in order; null where labels do not matter (calibration): they are not read. */
  readonly labels: readonly string[] | null;
}

export function dataError(file: string, words: Omit<Diagnostic, "severity" | "subject">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path: file }, ...words };
}

/** "data/test" and "a.png" → "data/test/a.png"; the data's own name where it is one file. */
export function shownPath(port: Pick<DataPort, "name">, file: string): string {
  return file === "" ? port.name : `${port.name}/${file}`;
}

/** Lower-case ending without the dot; a single file's comes from the data's name. */
export function endingOf(port: Pick<DataPort, "name">, file: string): string {
  const match = /\.([a-z0-9]+)$/i.exec(file === "" ? port.name : file);
  return (match?.[1] ?? "").toLowerCase();
}
