import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { Trouble, fileTrouble } from "../disk/trouble.ts";

/** Files of a data set; more than this is a mistaken path (a home folder, a disk). */
const MAX_FILES = 200_000;

/** Every file below a folder, relative with forward slashes, sorted; a file path lists itself alone. */
export async function listFiles(root: string, data: string): Promise<readonly string[]> {
  const top = join(root, data);
  try {
    const entries = await readdir(top, { recursive: true, withFileTypes: true });
    if (entries.length > MAX_FILES) {
      throw new Trouble([{ code: "DATA_TOO_MANY_FILES", severity: "error", subject: { kind: "file", path: data }, summary: "Too many files for a data set", found: String(entries.length), expected: `at most ${MAX_FILES}`, fix: "Point data at the folder that holds the samples." }]);
    }
    return entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => relative(top, join(entry.parentPath, entry.name)).split(sep).join("/")).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return [""];
    const trouble = fileTrouble(error, data);
    if (trouble === null) throw error;
    throw new Trouble([{ ...trouble, subject: { kind: "file", path: data }, summary: "The data of this task cannot be read", fix: "Check task.evaluation.data and task.calibration.data; they are relative to the plan file." }]);
  }
}

/** Where a listed file lies; the empty name is the data itself, when that is one file. */
export function dataFilePath(root: string, data: string, file: string): string {
  return file === "" ? join(root, data) : join(root, data, ...file.split("/"));
}

export async function readDataFile(root: string, data: string, file: string): Promise<Uint8Array> {
  return readFile(dataFilePath(root, data, file));
}
