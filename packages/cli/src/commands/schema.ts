import { deviceJsonSchema, planJsonSchema, resultsJsonSchema } from "@edgewise/planner/schema";
import type { Context } from "../context.ts";
import { Trouble } from "../disk/trouble.ts";

const documents: Readonly<Record<string, () => unknown>> = { plan: planJsonSchema, device: deviceJsonSchema, results: resultsJsonSchema };

/** `plan schema [document]`: JSON Schema on stdout. */
export async function printSchema(context: Context, name = "plan"): Promise<number> {
  const schema = new Map(Object.entries(documents)).get(name);
  if (schema === undefined) {
    throw new Trouble([{ code: "UNKNOWN_DOCUMENT", severity: "error", subject: { kind: "argument", name: "document" }, summary: `There is no document ${name}`, found: name, expected: Object.keys(documents).join(", "), fix: "Name one of the documents." }]);
  }
  context.terminal.out(`${JSON.stringify(schema(), null, 2)}\n`);
  return 0;
}
