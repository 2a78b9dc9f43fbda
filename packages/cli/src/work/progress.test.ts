import { describe, expect, it } from "vitest";
import { makeProject } from "../testing/project.ts";
import { runPlan } from "../testing/run-plan.ts";

/** What this process writes to its own streams during `work`, past the terminal that `main` was given. */
async function streamsDuring(work: () => Promise<unknown>): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const written: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] };
  const original = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ["stdout", "stderr"] as const) process[name].write = ((text: unknown) => written[name].push(String(text)) > 0) as typeof process.stdout.write;
  try {
    await work();
  } finally {
    for (const name of ["stdout", "stderr"] as const) process[name].write = original[name];
  }
  return { stdout: written.stdout.join(""), stderr: written.stderr.join("") };
}

describe("progress", () => {
  it("is drawn on stderr, whatever stdout is, and stdout holds the one document", async () => {
    const root = makeProject();
    let outcome: Awaited<ReturnType<typeof runPlan>> | null = null;
    const { stdout, stderr } = await streamsDuring(async () => void (outcome = await runPlan(root, ["--json", "make"], { interactive: true })));
    expect(stdout).toBe("");
    expect(stderr).toContain("planning");
    expect(stderr).toContain("measuring top1 of models/");
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
  });

  it("is nothing in a pipe", async () => {
    const root = makeProject();
    expect(await streamsDuring(() => runPlan(root, ["make"]))).toEqual({ stdout: "", stderr: "" });
  });

  it("ends before a mistake is told, once and in our words", async () => {
    const root = makeProject({ "data/eval/left/000.png": "words" });
    let outcome: Awaited<ReturnType<typeof runPlan>> | null = null;
    const { stdout } = await streamsDuring(async () => void (outcome = await runPlan(root, ["make"], { interactive: true })));
    expect(stdout).toBe("");
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error [A-Z_]+: .*\n.*data\/eval\/left\/000.png/) as string });
  });
});
