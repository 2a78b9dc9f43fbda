import type { Diagnostic } from "@edgewise/graph";
import type { ModelFacts } from "@edgewise/planner/schema";
import { Trouble } from "../disk/trouble.ts";
import { type ModelFile, findModels } from "./model-files.ts";
import { modelFacts, openModel } from "./model-graph.ts";
import type { Workspace } from "./workspace.ts";

/** Facts of every model the plan names; those that `known` has for the same bytes and words are not read again. */
export async function describeModels(workspace: Workspace, known: readonly ModelFacts[] | null): Promise<readonly ModelFacts[]> {
  const files = await findModels(workspace.root, workspace.spec.models);
  const errors: Diagnostic[] = [];
  const facts: ModelFacts[] = [];
  for (const file of files) {
    const old = known?.find((model) => model.digest === file.digest && model.file === file.file && sameWords(model, file));
    if (old !== undefined) {
      facts.push(old);
      continue;
    }
    const graph = await openModel(file);
    if (graph.ok) facts.push(modelFacts(file, graph.value, workspace.spec.task.input));
    else errors.push(...graph.errors);
  }
  if (errors.length > 0) throw new Trouble(errors);
  return facts;
}

/** What the plan says of a file must not have changed since; what it leaves out, the file's own bytes decide. */
function sameWords(model: ModelFacts, { source }: ModelFile): boolean {
  return (source.family === null || source.family === model.family) && (source.variant === null || source.variant === model.variant)
    && (source.licence === null || source.licence === model.licence) && Object.keys(source.bind).length === 0 && source.resolution === null;
}
