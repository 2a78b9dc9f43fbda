import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import { type Dataset, type DatasetInput, type Sample, dataError, endingOf, shownPath } from "./dataset.ts";
import { labelReader } from "./label.ts";

const endings: Readonly<Record<Dataset["kind"], readonly string[]>> = { image: ["png", "jpg", "jpeg"], tensor: ["npy"] };

/**
 * One file a sample: in folders named after their class, or flat and without labels.
 * Errors: DATA_UNLABELLED (labels matter, files lie flat), LABEL_UNKNOWN; warning DATA_STRAY (files outside the folders).
 */
export function indexFiles(files: readonly string[], { port, kind, labels }: DatasetInput): Result<Dataset> {
  const found = files.filter((file) => endings[kind].includes(endingOf(port, file)));
  const inFolders = found.filter((file) => file.includes("/"));
  if (labels !== null && found.length > 0 && inFolders.length === 0) {
    return fail(dataError(port.name, { code: "DATA_UNLABELLED", summary: "The samples have no labels", found: "files in one folder", expected: "a folder for each class", fix: "Sort the files into folders named after their class, or add a CSV with file and label." }));
  }
  const stray = labels === null ? [] : found.filter((file) => !file.includes("/"));
  const reader = labelReader(labels);
  const samples = (labels === null ? found : inFolders).map((file): Sample => {
    const folder = file.split("/")[0] ?? "";
    return { id: file, file, row: null, label: labels === null ? null : reader.read({ text: folder, file: shownPath(port, folder) }) };
  });
  const warnings = stray.length === 0 ? [] : [strayFiles(port.name, stray)];
  return reader.errors.length > 0 ? fail(...reader.errors) : ok({ kind, samples, targets: null }, warnings);
}

function strayFiles(name: string, stray: readonly string[]): Diagnostic {
  return { ...dataError(name, { code: "DATA_STRAY", summary: "Files outside the class folders are not used", found: `${stray.length}, such as ${stray[0] ?? ""}`, fix: "Move them into the folder of their class." }), severity: "warning" };
}
