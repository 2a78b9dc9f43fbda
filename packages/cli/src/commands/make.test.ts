import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plannedProject } from "../testing/prepared.ts";
import { makeProject, planText } from "../testing/project.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";
import { samplePng } from "../testing/samples.ts";

const LONG_AGO = new Date("2020-01-01T00:00:00Z");

function cacheEntries(root: string, kind: string): readonly string[] {
  const folder = join(root, ".edgewise", kind);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

describe("plan make", () => {
  it("decides every target, writes the lock and prints one line a target", async () => {
    const root = makeProject();
    const { code, stdout, stderr } = await runPlan(root, ["make"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/✓ +gateway +raspberry-pi-5 +models\/good.onnx/);
    expect(stdout).toMatch(/✓ +meter +raspberry-pi-pico +models\/good.onnx 8x8 int8/);
    expect(JSON.parse(readFileSync(join(root, "plan.lock.json"), "utf8"))).toMatchObject({ version: 1, plan: { deployments: [{ target: "gateway" }, { target: "meter" }] } });
  });

  it("is the verb when none is named", async () => {
    const root = await plannedProject();
    expect((await runPlan(root, [])).stdout).toBe((await runPlan(root, ["make"])).stdout);
  });

  it("writes and measures nothing the second time", async () => {
    const root = await plannedProject();
    const lock = join(root, "plan.lock.json");
    utimesSync(lock, LONG_AGO, LONG_AGO);
    // Without its cache a run that measured anything would have to put it there again.
    rmSync(join(root, ".edgewise"), { recursive: true });
    const { code, stdout } = await runPlan(root, ["make"]);
    expect(code).toBe(0);
    expect(stdout).toContain("up to date");
    expect(statSync(lock).mtime).toEqual(LONG_AGO);
    expect(existsSync(join(root, ".edgewise"))).toBe(false);
  });

  it("after a lost lock takes every measurement from the cache", async () => {
    const root = await plannedProject();
    const before = readFileSync(join(root, "plan.lock.json"));
    const kinds = ["accuracy", "calibration"];
    const cache = kinds.map((kind) => cacheEntries(root, kind));
    expect(cache.flat().length).toBeGreaterThan(1);
    for (const [index, kind] of kinds.entries()) for (const name of cache[index] ?? []) utimesSync(join(root, ".edgewise", kind, name), LONG_AGO, LONG_AGO);
    rmSync(join(root, "plan.lock.json"));
    expect((await runPlan(root, ["make"])).code).toBe(0);
    expect(readFileSync(join(root, "plan.lock.json"))).toEqual(before);
    expect(kinds.map((kind) => cacheEntries(root, kind))).toEqual(cache);
    for (const [index, kind] of kinds.entries()) for (const name of cache[index] ?? []) expect(statSync(join(root, ".edgewise", kind, name)).mtime).toEqual(LONG_AGO);
  });

  it("measures again what a cache entry of garbage no longer says", async () => {
    const root = await plannedProject();
    const before = readFileSync(join(root, "plan.lock.json"));
    const [name = ""] = cacheEntries(root, "accuracy");
    writeFileSync(join(root, ".edgewise", "accuracy", name), "{ half a");
    rmSync(join(root, "plan.lock.json"));
    expect((await runPlan(root, ["make"])).code).toBe(0);
    expect(readFileSync(join(root, "plan.lock.json"))).toEqual(before);
    expect(() => JSON.parse(readFileSync(join(root, ".edgewise", "accuracy", name), "utf8")) as unknown).not.toThrow();
  });

  it("measures again when one byte of the evaluation data changes", async () => {
    const root = await plannedProject();
    const before = cacheEntries(root, "accuracy");
    writeFileSync(join(root, "data/eval/left/000.png"), samplePng("left", 999));
    expect((await runPlan(root, ["make"])).code).toBe(0);
    expect(cacheEntries(root, "accuracy").length).toBeGreaterThan(before.length);
  });

  it("exits 2 and names the target that nothing fits", async () => {
    const root = makeProject({ "plan.yaml": planText.replace('flash: "<= 500 KiB"', 'flash: "<= 100 B"') });
    const { code, answer } = await runJson(root, ["make"]);
    expect(code).toBe(2);
    expect(answer).toMatchObject({ ok: false, written: true, infeasible: ["meter"] });
    const { stdout } = await runPlan(root, ["make"]);
    expect(stdout).toMatch(/✗ +meter/);
    expect(stdout).toContain("plan explain meter");
  });

  it("reads another plan file, and keeps everything beside it", async () => {
    const root = makeProject({ "plan.yaml": null, "other.yaml": planText });
    expect((await runPlan(root, ["make", "--file", "other.yaml"])).code).toBe(0);
    expect(existsSync(join(root, "plan.lock.json"))).toBe(true);
  });
});
