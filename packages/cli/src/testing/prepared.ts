import { cpSync } from "node:fs";
import { expect } from "vitest";
import { makeProject, temporaryFolder } from "./project.ts";
import { runPlan } from "./run-plan.ts";

let planned: Promise<string> | null = null;
let emitted: Promise<string> | null = null;

function copyOf(root: string): string {
  const copy = temporaryFolder();
  cpSync(root, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** A copy of the tiny project after `plan make`; made once a test file. */
export async function plannedProject(): Promise<string> {
  planned ??= (async () => {
    const root = makeProject();
    expect(await runPlan(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
    return root;
  })();
  return copyOf(await planned);
}

/** A copy of the tiny project after `plan make` and `plan emit`; made once a test file. */
export async function emittedProject(): Promise<string> {
  emitted ??= (async () => {
    const root = await plannedProject();
    expect(await runPlan(root, ["emit"])).toMatchObject({ code: 0, stderr: "" });
    return root;
  })();
  return copyOf(await emitted);
}
