import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Lock } from "@edgewise/planner/schema";
import { describe, expect, test } from "vitest";
import { type CorpusProject, corpus, corpusPresent, corpusProjects, writeCorpusProject } from "./testing/corpus-projects.ts";
import { runJson, runPlan } from "./testing/run-plan.ts";

/** EDGEWISE_FULL=1 evaluates on every input and runs every bundle; otherwise on the few that each project names. */
const full = process.env["EDGEWISE_FULL"] === "1";
const TIMEOUT_MS = full ? 1_200_000 : 120_000;

/** Targets that no candidate fits, by project and target, with the budget that refuses the closest candidate. */
const infeasible: Readonly<Record<string, Readonly<Record<string, string>>>> = { ResNet8: { cellar: "ram" }, "visual wake words": { peephole: "latency" } };

function lockOf(root: string): Lock {
  return JSON.parse(readFileSync(join(root, "plan.lock.json"), "utf8")) as Lock;
}

/** What the corpus states of the float model lies in the 95 % interval of each half that was run. */
function expectPublishedAccuracy({ accuracies }: Lock, { top1 }: CorpusProject): void {
  const float = accuracies.filter(({ key }) => key.precision === "float32");
  expect(float.filter(({ key }) => key.numerics.startsWith("onnxruntime")).map(({ half }) => half).sort()).toEqual(["confirmation", "selection"]);
  for (const { value, samples, available, correct } of float) {
    expect(samples).toBeLessThanOrEqual(available);
    expect(correct).not.toBeNull();
    expect(value.low).toBeLessThanOrEqual(top1.correct / top1.samples);
    expect(value.high).toBeGreaterThanOrEqual(top1.correct / top1.samples);
  }
}

/** Each target has its choice, or every candidate a reason whose inequality fails, the stated budget among them. */
function expectTrueReasons({ plan }: Lock, refused: Readonly<Record<string, string>>): void {
  expect(Object.fromEntries(plan.deployments.filter(({ choice }) => choice === null).map(({ target }) => [target, true]))).toEqual(Object.fromEntries(Object.keys(refused).map((target) => [target, true])));
  for (const { target, choice, rejected } of plan.deployments) {
    expect(rejected.every(({ reasons }) => reasons.length > 0)).toBe(true);
    const over = rejected.flatMap(({ reasons }) => reasons).filter((reason) => reason.kind === "over-limit");
    for (const { budget, needed } of over) expect(budget.relation === "<=" ? needed.high > budget.limit : needed.low < budget.limit).toBe(true);
    if (choice === null) expect(over.map(({ budget }) => budget.key)).toContain(refused[target]);
  }
}

interface Measured {
  readonly targets: readonly { readonly target: string; readonly runs: readonly { readonly findings: readonly { readonly what: string; readonly found: string; readonly holds: boolean | null }[] }[] }[];
}

describe.skipIf(!corpusPresent)(`real models, from inspect to measure${corpusPresent ? "" : " (corpus absent: set EDGEWISE_CORPUS)"}`, () => {
  test.each(Object.entries(corpusProjects))("%s", async (name, project) => {
    const root = writeCorpusProject(project, full ? null : project.quickSamples);
    const refused = infeasible[name] ?? {};
    const undecided = Object.keys(refused).length > 0 ? 2 : 0;

    expect(await runJson(root, ["inspect", "models/model.onnx"])).toMatchObject({ code: 0, answer: { macs: project.macs } });
    expect(await runPlan(root, ["make"])).toMatchObject({ code: undecided, stderr: "" });
    const lock = lockOf(root);
    expectPublishedAccuracy(lock, project);
    expectTrueReasons(lock, refused);

    const said = await runPlan(root, ["explain"]);
    expect(said.code).toBe(0);
    for (const { target, choice } of lock.plan.deployments) expect(said.stdout).toMatch(new RegExp(`^${target} on .*: ${choice === null ? "none of" : "models/model.onnx"}`, "m"));

    expect((await runPlan(root, ["emit"])).code).toBe(undecided);
    expect((await runPlan(root, ["check"])).code).toBe(0);
    const { code, answer } = await runJson(root, ["measure", ...(full ? [] : project.quickTargets)]);
    const findings = (answer as Measured).targets.flatMap(({ runs }) => runs.flatMap((run) => run.findings));
    expect(findings.filter(({ holds }) => holds === false)).toEqual([]);
    expect(findings.some(({ holds }) => holds === true)).toBe(true);
    expect(code).toBe(0);
  }, TIMEOUT_MS);

  const files = corpusPresent ? readdirSync(join(corpus, "models"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".onnx")).sort() : [];
  const unsupported = new Set(["lgbm_classifier_tensor", "st_ssd_mobilenet_v1_025_256", "treeensembleclassifier", "xgboost_classifier_tree"]);

  test("every ONNX file is inspected, or refused with the name of each op that stands in the way", async () => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { code, answer, problems } = await runJson(join(corpus, "models"), ["inspect", file]);
      if (unsupported.has(basename(file, ".onnx"))) {
        expect(code).toBe(1);
        expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set(["OP_UNSUPPORTED"]));
      } else {
        expect({ file, code, macs: (answer as { macs: number }).macs > 0 }).toEqual({ file, code: 0, macs: true });
      }
    }
  }, TIMEOUT_MS);
});
