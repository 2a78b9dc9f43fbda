import type { Diagnostic } from "@edgewise/graph";
import type { ModelFacts, TaskContract } from "@edgewise/planner/schema";
import type { Workspace } from "./workspace.ts";

/**
 * Models whose answers are not as many as the labels: an accuracy measured on them would be of shifted classes. Labels
 * that the plan writes down may be fewer (the rest goes by number); those read from folder names are all there are.
 */
export function classMismatches({ spec: { task } }: Workspace, contract: TaskContract, models: readonly ModelFacts[]): readonly Diagnostic[] {
  if (contract.output.kind !== "labels" || task.output.kind !== "labels" || contract.output.labels.length === 0) return [];
  const { labels, labelOffset } = contract.output;
  const fromFolders = task.labelsFile === null && task.output.labels.length === 0;
  return models.flatMap(({ file, output }): readonly Diagnostic[] => {
    const answers = output.shape.reduce<number>((product, dim) => product * Number(dim), 1) - labelOffset;
    if (answers === labels.length || (answers > labels.length && !fromFolders)) return [];
    return [{
      code: "LABELS_MISMATCH", severity: "error", subject: { kind: "file", path: file },
      summary: `The model does not answer as many classes as there are ${fromFolders ? "folders in the evaluation data" : "labels"}`,
      found: `${answers} answers${labelOffset === 0 ? "" : ` after the first ${labelOffset}`}, ${labels.length} labels`, expected: "as many of one as of the other",
      fix: fromFolders ? "Write task.output.labels in the order of the model's outputs." : "Correct task.output.labels or task.output.labelOffset.",
    }];
  });
}
