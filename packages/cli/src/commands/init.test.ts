import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, tinyProject, writeFiles } from "../testing/project.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";
import { tinyModels } from "../testing/tiny-models.ts";

function folderWith(files: Parameters<typeof writeFiles>[1]): string {
  const root = temporaryFolder();
  writeFiles(root, files);
  return root;
}

describe("plan init", () => {
  it("writes a plan that make decides, once there is data", async () => {
    const root = folderWith({ "good.onnx": tinyModels.good() });
    expect(await runPlan(root, ["init", "--yes"])).toMatchObject({ code: 0, stderr: "" });
    const text = readFileSync(join(root, "plan.yaml"), "utf8");
    expect(text).toMatch(/color: gray.*layout: nchw/);
    expect((await runPlan(root, ["models"])).code).toBe(0);
    const { "plan.yaml": _, ...data } = tinyProject();
    writeFiles(root, Object.fromEntries(Object.entries(data).filter(([path]) => path.startsWith("data/"))));
    // 55 samples of a half prove no 90 %: the tiny data set needs a looser budget.
    writeFileSync(join(root, "plan.yaml"), text.replace(">= 90 %", ">= 80 %"));
    expect(await runPlan(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("takes the device that is named, and suggests the nearest for an unknown one", async () => {
    const root = folderWith({ "good.onnx": tinyModels.good() });
    expect(await runJson(root, ["init", "--yes", "--device", "pixel8"])).toMatchObject({ code: 1, problems: [{ code: "UNKNOWN_DEVICE", fix: "Did you mean pixel-8?" }] });
    expect((await runPlan(root, ["init", "--yes", "--device", "pixel-8"])).code).toBe(0);
    expect(readFileSync(join(root, "plan.yaml"), "utf8")).toContain("device: pixel-8");
  });

  it("never overwrites a plan", async () => {
    const root = folderWith({ "good.onnx": tinyModels.good(), "plan.yaml": "mine" });
    expect(await runJson(root, ["init", "--yes"])).toMatchObject({ code: 1, problems: [{ code: "FILE_EXISTS" }] });
    expect(readFileSync(join(root, "plan.yaml"), "utf8")).toBe("mine");
  });

  it("asks which model when there is none or several", async () => {
    expect(await runJson(temporaryFolder(), ["init", "--yes"])).toMatchObject({ code: 1, problems: [{ code: "WHICH_MODEL" }] });
    const root = folderWith({ "a.onnx": tinyModels.good(), "b.onnx": tinyModels.blind() });
    expect(await runJson(root, ["init", "--yes"])).toMatchObject({ code: 1, problems: [{ code: "WHICH_MODEL" }] });
    expect((await runPlan(root, ["init", "b.onnx", "--yes"])).code).toBe(0);
  });

  it("says which file is missing", async () => {
    expect(await runJson(temporaryFolder(), ["init", "none.onnx", "--yes"])).toMatchObject({ code: 1, problems: [{ code: "FILE_NOT_FOUND", subject: { path: "none.onnx" } }] });
  });

  it("quotes a file name that YAML would read otherwise", async () => {
    const root = folderWith({ "it's #1: \"x\".onnx": tinyModels.good() });
    expect((await runPlan(root, ["init", "--yes"])).code).toBe(0);
    expect((await runPlan(root, ["models"])).code).toBe(0);
  });
});
