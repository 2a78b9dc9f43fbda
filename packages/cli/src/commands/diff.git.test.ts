import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plannedProject } from "../testing/prepared.ts";
import { planText } from "../testing/project.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";

function git(root: string, ...args: readonly string[]): void {
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args], { cwd: root, stdio: "pipe" });
}

/** A planned project whose lock is committed on `main` and tagged v1. */
async function repository(): Promise<string> {
  const root = await plannedProject();
  git(root, "init", "--quiet", "--initial-branch=main");
  git(root, "add", "plan.yaml", "plan.lock.json");
  git(root, "commit", "--quiet", "-m", "plan");
  git(root, "tag", "v1");
  return root;
}

async function changed(): Promise<string> {
  const root = await repository();
  writeFileSync(join(root, "plan.yaml"), planText.replace("gateway: {", "gateway: { precisions: [float16],"));
  expect((await runPlan(root, ["make"])).code).toBe(0);
  return root;
}

describe("plan diff", () => {
  it("exits 0 when the plan is as in HEAD", async () => {
    const root = await repository();
    expect(await runPlan(root, ["diff"])).toMatchObject({ code: 0, stderr: "" });
    expect(await runJson(root, ["diff", "v1"])).toEqual({ code: 0, answer: { ref: "v1", changes: [] }, problems: [] });
    expect((await runPlan(root, ["diff", "--markdown"])).stdout).toContain("as in `HEAD`");
  });

  it("exits 5 with every changed choice and number, from that ref to now", async () => {
    const root = await changed();
    const { code, answer } = await runJson(root, ["diff"]);
    expect(code).toBe(5);
    const { changes } = answer as { readonly changes: readonly { readonly target: string; readonly what: string; readonly before: string; readonly after: string }[] };
    const choice = changes.find(({ target, what }) => target === "gateway" && what === "choice");
    expect(choice?.before).not.toContain("float16");
    expect(choice?.after).toContain("float16");
    expect(changes.map(({ target, what }) => `${target} ${what}`)).toContain("(inputs) plan");
    expect(changes.filter(({ before, after }) => before === after)).toEqual([]);
    expect(changes.filter(({ target }) => target === "meter")).toEqual([]);
  });

  it("writes Markdown for a pull request: one table row a change", async () => {
    const root = await changed();
    const { code, stdout } = await runPlan(root, ["diff", "v1", "--markdown"]);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^\| gateway \| choice \|.*float16.*\|$/m);
    for (const row of stdout.split("\n").filter((line) => line.startsWith("|"))) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(6);
  });

  it("counts a target that is new since the ref", async () => {
    const root = await repository();
    writeFileSync(join(root, "plan.yaml"), `${planText}  phone: { device: pixel-8 }\n`);
    expect((await runPlan(root, ["make"])).code).toBe(0);
    const { stdout } = await runPlan(root, ["diff"]);
    expect(stdout).toMatch(/phone +choice +– /);
  });

  it("takes a ref that has no lock as no plan at all", async () => {
    const root = await plannedProject();
    git(root, "init", "--quiet", "--initial-branch=main");
    git(root, "add", "plan.yaml");
    git(root, "commit", "--quiet", "-m", "only the plan");
    expect((await runPlan(root, ["diff"])).code).toBe(5);
  });

  it("suggests the nearest ref for an unknown one, and takes no ref as an option", async () => {
    const root = await repository();
    const { code, problems } = await runJson(root, ["diff", "mian"]);
    expect(code).toBe(1);
    expect(problems).toMatchObject([{ code: "UNKNOWN_REF", fix: "Did you mean main?" }]);
    expect((await runJson(root, ["diff", "--", "--output=stolen"])).problems).toMatchObject([{ code: "UNKNOWN_REF" }]);
  });

  it("outside of a repository says so", async () => {
    const { code, problems } = await runJson(await plannedProject(), ["diff"]);
    expect({ code, codes: problems.map((problem) => problem.code) }).toEqual({ code: 1, codes: ["UNKNOWN_REF"] });
  });
});
