import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, runBuilt } from "./testing/built-plan.ts";
import { plannedProject } from "./testing/prepared.ts";
import { makeProject, temporaryFolder, tinyProject, writeFiles } from "./testing/project.ts";
import { runPlan } from "./testing/run-plan.ts";
import { treeDigests } from "./testing/tree.ts";
import { processTerminal } from "./terminal.ts";

/** What a run leaves: the lock's bytes, and the digest of every file of every bundle. */
function outcomeOf(root: string): { readonly lock: string; readonly bundles: Readonly<Record<string, string>> } {
  return { lock: readFileSync(join(root, "plan.lock.json"), "utf8"), bundles: treeDigests(root, "bundles") };
}

const oneCore = spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : [];

beforeAll(ensureBuilt);

describe("the same inputs give the same bytes", () => {
  let expected: ReturnType<typeof outcomeOf>;
  beforeAll(() => {
    const root = makeProject();
    for (const verb of ["make", "emit"]) expect(runBuilt(root, [verb])).toMatchObject({ code: 0, stderr: "" });
    expected = outcomeOf(root);
  });

  it.each([
    ["in a Turkish locale, east of Greenwich", { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati" }, []],
    ["in a German locale, west of Greenwich", { LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8", TZ: "America/St_Johns" }, []],
    [`on one core${oneCore.length === 0 ? " (as many as there are: taskset is not here)" : ""}`, { LANG: "C", UV_THREADPOOL_SIZE: "1" }, oneCore],
  ])("%s, in another folder, of files written in another order", (_, env, under) => {
    const root = join(temporaryFolder(), "another folder, ünlike");
    writeFiles(root, Object.fromEntries(Object.entries(tinyProject()).reverse()));
    for (const verb of ["make", "emit"]) expect(runBuilt(root, [verb], { env, under })).toMatchObject({ code: 0, stderr: "" });
    expect(outcomeOf(root)).toEqual(expected);
  });
});

describe("a terminal's colours", () => {
  it("are for terminals alone: a pipe gets none, and nothing forces them", async () => {
    const root = await plannedProject();
    for (const [argv, env] of [[["make"], {}], [["explain"], { FORCE_COLOR: "1" }], [["emit", "metre"], {}]] as const) {
      const { stdout, stderr } = runBuilt(root, argv, { env });
      expect(stdout + stderr).not.toContain("\u001B");
    }
  });

  it("mark what holds where the terminal takes them, and never a JSON document", async () => {
    const root = await plannedProject();
    expect((await runPlan(root, ["make"], { color: true })).stdout).toContain("\u001B[32m✓");
    expect((await runPlan(root, ["--json", "make"], { color: true })).stdout).not.toContain("\u001B");
  });

  it("end with NO_COLOR", () => {
    const [terminal, before] = [process.stdout.isTTY, process.env["NO_COLOR"]];
    try {
      process.stdout.isTTY = true;
      process.env["NO_COLOR"] = "1";
      expect(processTerminal().color).toBe(false);
      delete process.env["NO_COLOR"];
      expect(processTerminal().color).toBe(true);
    } finally {
      process.stdout.isTTY = terminal;
      if (before === undefined) delete process.env["NO_COLOR"];
      else process.env["NO_COLOR"] = before;
    }
  });
});
