import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emittedProject, plannedProject } from "../testing/prepared.ts";
import { makeProject, planText } from "../testing/project.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";
import { tinyModels } from "../testing/tiny-models.ts";
import { treeDigests } from "../testing/tree.ts";

describe("plan emit", () => {
  it("writes one folder a target: the files of its manifest, and no other", async () => {
    const root = await emittedProject();
    expect(readdirSync(join(root, "bundles")).sort()).toEqual(["gateway", "meter"]);
    for (const target of ["gateway", "meter"]) {
      const manifest = JSON.parse(readFileSync(join(root, "bundles", target, "manifest.json"), "utf8")) as { files: { path: string; sha256: string }[] };
      const listed = Object.fromEntries(manifest.files.map(({ path, sha256 }) => [`bundles/${target}/${path}`, sha256]));
      const { [`bundles/${target}/manifest.json`]: own, ...others } = treeDigests(root, `bundles/${target}`);
      expect(own).toMatch(/^[0-9a-f]{64}$/);
      expect(others).toEqual(listed);
    }
  });

  it("writes the same bytes again, and takes away what does not belong", async () => {
    const root = await emittedProject();
    const before = treeDigests(root, "bundles");
    writeFileSync(join(root, "bundles/meter/stray.c"), "int x;");
    expect((await runPlan(root, ["emit"])).code).toBe(0);
    expect(treeDigests(root, "bundles")).toEqual(before);
  });

  it("writes only the named targets", async () => {
    const root = await plannedProject();
    const { code, answer } = await runJson(root, ["emit", "meter"]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ ok: true, bundles: [{ target: "meter", emitted: true }] });
    expect(readdirSync(join(root, "bundles"))).toEqual(["meter"]);
  });

  it("suggests the nearest target for an unknown one, and writes nothing", async () => {
    const root = await plannedProject();
    expect(await runJson(root, ["emit", "metre"])).toMatchObject({ code: 1, problems: [{ code: "UNKNOWN_TARGET", fix: "Did you mean meter?" }] });
    expect(existsSync(join(root, "bundles"))).toBe(false);
  });

  it("without a lock says that make comes first", async () => {
    expect(await runJson(makeProject(), ["emit"])).toMatchObject({ code: 1, problems: [{ code: "NO_LOCK" }] });
  });

  it("exits 2 as make does for a target that nothing fits, and emits the others", async () => {
    const root = makeProject({ "plan.yaml": planText.replace('flash: "<= 500 KiB"', 'flash: "<= 100 B"') });
    expect((await runPlan(root, ["make"])).code).toBe(2);
    const { code, answer } = await runJson(root, ["emit"]);
    expect(code).toBe(2);
    expect(answer).toMatchObject({ ok: false, bundles: [{ target: "gateway", emitted: true }, { target: "meter", emitted: false }] });
    expect(readdirSync(join(root, "bundles"))).toEqual(["gateway"]);
  });

  it("refuses a model whose bytes the lock was not made from", async () => {
    const root = await plannedProject();
    writeFileSync(join(root, "models/good.onnx"), tinyModels.blind());
    expect(await runJson(root, ["emit"])).toMatchObject({ code: 4, problems: [{ code: "LOCK_STALE", summary: expect.stringContaining("model:models/good.onnx") as string }] });
  });

  it("refuses evaluation data that the lock was not made from, whose vectors would not be the plan's", async () => {
    const root = await plannedProject();
    writeFileSync(join(root, "data/eval/left/000.png"), readFileSync(join(root, "data/eval/right/000.png")));
    expect(await runJson(root, ["emit"])).toMatchObject({ code: 4, problems: [{ code: "LOCK_STALE" }] });
  });

  it("leaves the old bundle as it was when a file stands in the way of the new one", async () => {
    const root = await plannedProject();
    writeFileSync(join(root, "bundles"), "a file");
    const { code, problems } = await runJson(root, ["emit"]);
    expect({ code, count: problems.length }).toEqual({ code: 1, count: 1 });
    expect(readFileSync(join(root, "bundles"), "utf8")).toBe("a file");
  });

  it("carries no draft over into the folder of bundles", async () => {
    const root = await plannedProject();
    mkdirSync(join(root, "bundles"));
    expect((await runPlan(root, ["emit"])).code).toBe(0);
    expect(readdirSync(join(root, "bundles")).sort()).toEqual(["gateway", "meter"]);
  });
});
