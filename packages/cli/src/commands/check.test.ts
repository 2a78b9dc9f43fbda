import { appendFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emittedProject, plannedProject } from "../testing/prepared.ts";
import { makeProject, planText } from "../testing/project.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";

const codesAndTexts = (problems: readonly { readonly code: string; readonly summary: string }[]): readonly string[] => problems.map(({ code, summary }) => `${code}: ${summary}`);

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe("plan check", () => {
  it("exits 0 for a lock and bundles that hold", async () => {
    const root = await emittedProject();
    const { code, stdout, stderr } = await runPlan(root, ["check"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("2 bundles match");
  });

  it("exits 0 before anything was emitted, and says so", async () => {
    const { code, answer } = await runJson(await plannedProject(), ["check"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ ok: true, bundlesChecked: 0, notEmitted: ["gateway", "meter"], takenFromLock: [] });
  });

  it("exits 4 without a lock", async () => {
    const { code, problems } = await runJson(makeProject(), ["check"]);
    expect(code).toBe(4);
    expect(problems).toMatchObject([{ code: "LOCK_STALE", found: "none" }]);
  });

  it.each([
    ["a changed sample", "data:evaluation", (root: string) => appendFileSync(join(root, "data/eval/left/000.png"), "x")],
    ["a new sample", "data:evaluation", (root: string) => writeFileSync(join(root, "data/eval/left/new.png"), "x")],
    ["a lost calibration sample", "data:calibration", (root: string) => rmSync(join(root, "data/calib/left/000.png"))],
    ["a changed model", "model:models/good.onnx", (root: string) => flipByte(join(root, "models/good.onnx"))],
    ["a lost model", "model:models/blind.onnx", (root: string) => rmSync(join(root, "models/blind.onnx"))],
    ["a changed budget", "plan", (root: string) => writeFileSync(join(root, "plan.yaml"), planText.replace("80 %", "81 %"))],
  ])("exits 4 after %s, naming %s", async (_, name, change) => {
    const root = await emittedProject();
    change(root);
    const { code, problems } = await runJson(root, ["check"]);
    expect(code).toBe(4);
    expect(codesAndTexts(problems)).toEqual([expect.stringMatching(new RegExp(`^LOCK_STALE: ${name} `))]);
  });

  it("does not mind a comment in the plan", async () => {
    const root = await emittedProject();
    writeFileSync(join(root, "plan.yaml"), `# for the meter\n${planText}`);
    expect((await runPlan(root, ["check"])).code).toBe(0);
  });

  it("exits 3 after one byte of any file of a bundle changed", async () => {
    const root = await emittedProject();
    const files = readdirSync(join(root, "bundles"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== "manifest.json");
    expect(files.length).toBeGreaterThan(6);
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      const before = readFileSync(path);
      flipByte(path);
      const { code, problems } = await runJson(root, ["check"]);
      expect({ path, code }).toEqual({ path, code: 3 });
      expect(problems.map((problem) => problem.code)).toContain("BUNDLE_FILE_CHANGED");
      writeFileSync(path, before);
    }
  });

  it("exits 3 after a file of a bundle is gone, or one too many is there", async () => {
    const root = await emittedProject();
    writeFileSync(join(root, "bundles/gateway/notes.txt"), "mine");
    const stray = await runJson(root, ["check"]);
    expect(stray).toMatchObject({ code: 3, problems: [{ code: "BUNDLE_STRAY_FILE" }] });
    rmSync(join(root, "bundles/gateway/notes.txt"));
    rmSync(join(root, "bundles/gateway/model.onnx"));
    const lost = await runJson(root, ["check"]);
    expect(lost.code).toBe(3);
    expect(lost.problems.length).toBeGreaterThan(0);
  });

  it("exits 3 for a manifest that is none, and for one that promises otherwise", async () => {
    const root = await emittedProject();
    const path = join(root, "bundles/meter/manifest.json");
    const before = readFileSync(path, "utf8");
    for (const text of ["", "{", "[]", '{"version":1}', before.replace(/"plan": ?"[0-9a-f]/, (found) => `${found.slice(0, -1)}z`)]) {
      writeFileSync(path, text);
      const { code, problems } = await runJson(root, ["check"]);
      expect({ text: text.slice(0, 20), code }).toEqual({ text: text.slice(0, 20), code: 3 });
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  it("exits 3 for a bundle of another plan", async () => {
    const root = await emittedProject();
    writeFileSync(join(root, "plan.yaml"), planText.replace("80 %", "81 %"));
    expect((await runPlan(root, ["make"])).code).toBe(0);
    const { code, problems } = await runJson(root, ["check"]);
    expect(code).toBe(3);
    expect(problems.map((problem) => problem.code)).toEqual(["BUNDLE_OTHER_PLAN", "BUNDLE_OTHER_PLAN"]);
    for (const { found, expected } of problems) expect(found).not.toBe(expected);
  });

  it("exits 0 without models and data, and says what was taken from the lock", async () => {
    const root = await emittedProject();
    for (const name of ["models", "data", ".edgewise"]) rmSync(join(root, name), { recursive: true });
    const { code, answer } = await runJson(root, ["check"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ ok: true, bundlesChecked: 2, takenFromLock: ["contract", "data:calibration", "data:evaluation", "models"] });
    expect((await runPlan(root, ["check"])).stdout).toMatch(/[Tt]aken from the lock.*data:evaluation.*models/);
  });

  it("without data still sees a changed budget", async () => {
    const root = await emittedProject();
    rmSync(join(root, "data"), { recursive: true });
    writeFileSync(join(root, "plan.yaml"), planText.replace("80 %", "81 %"));
    const { code, problems } = await runJson(root, ["check"]);
    expect(code).toBe(4);
    expect(codesAndTexts(problems)[0]).toMatch(/^LOCK_STALE: plan /);
  });

  it("exits 4 for a lock whose plan was edited", async () => {
    const root = await plannedProject();
    const path = join(root, "plan.lock.json");
    const lock = JSON.parse(readFileSync(path, "utf8")) as { plan: { deployments: { choice: { costs: { ram: { expected: number; high: number } } } }[] } };
    const ram = lock.plan.deployments[1]?.choice.costs.ram;
    if (ram === undefined) throw new Error("the meter has a choice");
    ram.high += 1;
    writeFileSync(path, JSON.stringify(lock));
    expect(await runJson(root, ["check"])).toMatchObject({ code: 4, problems: [{ code: "LOCK_STALE" }] });
  });
});
