import type { Context } from "../context.ts";
import { renderTable } from "../render/table.ts";
import { bytes, count } from "../render/units.ts";
import { describeModels } from "../work/describe.ts";
import { openWorkspace } from "../work/workspace.ts";

/** `plan models`: what the plan may choose from. */
export async function listModels(context: Context): Promise<number> {
  const workspace = await openWorkspace(context, context.sources);
  const models = await describeModels(workspace, null);
  context.terminal.out(context.json ? `${JSON.stringify(models, null, 2)}\n` : renderTable(
    [{ title: "file" }, { title: "family" }, { title: "variant" }, { title: "input" }, { title: "parameters", align: "right" }, { title: "MACs", align: "right" }, { title: "float weights", align: "right" }, { title: "licence" }],
    models.map((model) => [model.file, model.family, model.variant, model.input.shape.join("x"), count(model.parameters), count(model.macs), bytes(model.parameters * 4), model.licence ?? "unknown"]),
  ));
  return 0;
}
