import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskContract } from "@edgewise/planner/schema";
import { Trouble, fileTrouble } from "../disk/trouble.ts";
import { listFiles } from "./data-files.ts";
import type { Workspace } from "./workspace.ts";

/** The task's contract with its labels filled in: from the plan, a text file, or the evaluation's folder names. */
export async function taskContract(workspace: Workspace): Promise<TaskContract> {
  const { task } = workspace.spec;
  if (task.output.kind !== "labels" || task.output.labels.length > 0) return { input: task.input, output: task.output };
  const labels = task.labelsFile === null ? await folderNames(workspace) : await labelLines(workspace.root, task.labelsFile);
  return { input: task.input, output: { ...task.output, labels } };
}

async function labelLines(root: string, file: string): Promise<readonly string[]> {
  try {
    const text = await readFile(join(root, file), "utf8");
    return text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.trim());
  } catch (error) {
    const trouble = fileTrouble(error, file);
    if (trouble === null) throw error;
    throw new Trouble([{ ...trouble, subject: { kind: "file", path: file }, summary: "The labels cannot be read", fix: "Correct task.output.labels; the path is relative to the plan file." }]);
  }
}

async function folderNames(workspace: Workspace): Promise<readonly string[]> {
  const data = workspace.spec.task.evaluation?.data;
  if (data === undefined) return [];
  const folders = new Set((await listFiles(workspace.root, data)).flatMap((file) => file.includes("/") ? [file.split("/")[0] ?? ""] : []));
  return [...folders].sort();
}
