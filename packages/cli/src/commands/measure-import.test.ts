import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lock, Manifest, Results } from "@edgewise/planner/schema";
import { describe, expect, it } from "vitest";
import { emittedProject, plannedProject } from "../testing/prepared.ts";
import { runJson, runPlan } from "../testing/run-plan.ts";

function lockOf(root: string): Lock {
  return JSON.parse(readFileSync(join(root, "plan.lock.json"), "utf8")) as Lock;
}

/** What the benchmark of bundles/gateway would print on its device. */
function resultsOf(root: string, change: Partial<Results> = {}): Results {
  const { candidate, files } = JSON.parse(readFileSync(join(root, "bundles/gateway/manifest.json"), "utf8")) as Manifest;
  const model = files.find(({ path }) => path === "model.onnx");
  return {
    version: 1, target: "gateway", candidate: candidate.id, device: { id: candidate.device, reported: "Raspberry Pi 5 Model B Rev 1.0" }, os: { name: "Debian", version: "12" },
    runtime: { id: candidate.runtime, version: candidate.runtimeVersion }, backend: { asked: candidate.backend, ran: candidate.backend }, fallbacks: [], threads: 1,
    model: { file: "model.onnx", sha256: model?.sha256 ?? "", precision: candidate.precision }, selfTest: { vectors: 4, passed: 4, worstOfAllowed: 0.1 }, placement: null,
    burst: { warmUpRuns: 5, runs: 100, durationMs: 1, p50Ms: 0.004, p95Ms: 0.006 }, sustained: { warmUpRuns: 0, runs: 9e6, durationMs: 6e4, p50Ms: 0.005, p95Ms: 0.007 },
    memoryHighWaterBytes: 30_000_000, energyJoulesPerInference: null, ...change,
  };
}

function written(root: string, results: unknown): string {
  writeFileSync(join(root, "results.json"), typeof results === "string" ? results : JSON.stringify(results));
  return "results.json";
}

describe("plan measure --import", () => {
  it("puts what a device said into the lock, and the next plan rests on it", async () => {
    const root = await emittedProject();
    const { code, answer } = await runJson(root, ["measure", "--import", written(root, resultsOf(root))]);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ ok: true, target: "gateway", written: true, warnings: [] });
    expect(lockOf(root).latencies).toMatchObject([{ device: "raspberry-pi-5", runtime: "onnxruntime", value: { low: 0.004, high: 0.005, basis: "measured" }, run: { os: "Debian 12" } }]);

    expect((await runPlan(root, ["check"])).code).toBe(4);
    expect((await runPlan(root, ["make"])).code).toBe(0);
    const gateway = lockOf(root).plan.deployments.find(({ target }) => target === "gateway");
    expect(gateway?.choice?.costs.latency).toMatchObject({ expected: 0.004, basis: "measured" });
    expect((await runPlan(root, ["emit"])).code).toBe(0);
    expect((await runPlan(root, ["check"])).code).toBe(0);
  });

  it("says where the device contradicts the plan, and exits 3 with the fact taken", async () => {
    const root = await emittedProject();
    const slow = { warmUpRuns: 5, runs: 100, durationMs: 60_000, p50Ms: 500, p95Ms: 900 };
    const { code, stdout } = await runPlan(root, ["measure", "--import", written(root, resultsOf(root, { burst: slow, sustained: null, backend: { asked: "cpu", ran: "other" } }))]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/✗ +gateway +Raspberry Pi 5 Model B Rev 1\.0, Debian 12 +backend that ran +cpu +other/);
    expect(stdout).toMatch(/latency budget +<= 100 ms +900 ms/);
    expect(lockOf(root).latencies).toHaveLength(1);
    expect((await runPlan(root, ["make"])).code).toBe(0);
    expect((await runPlan(root, ["explain", "gateway"])).stdout).toContain("latency 900 ms > 100 ms (measured");
  });

  it("taken twice is one fact, and changes no byte the second time", async () => {
    const root = await emittedProject();
    const file = written(root, resultsOf(root));
    await runPlan(root, ["measure", "--import", file]);
    const before = readFileSync(join(root, "plan.lock.json"), "utf8");
    expect(await runJson(root, ["measure", "--import", file])).toMatchObject({ code: 0, answer: { written: false } });
    expect(readFileSync(join(root, "plan.lock.json"), "utf8")).toBe(before);
  });

  it.each<[string, (root: string) => unknown, string]>([
    ["no JSON", () => "latency: 4 ms", "JSON_SYNTAX"],
    ["a file without an end", () => " ".repeat(2 ** 20), "RESULTS_TOO_LARGE"],
    ["a field less", (root) => ({ ...resultsOf(root), burst: undefined }), "RESULTS_INVALID"],
    ["a target that the plan has not", (root) => resultsOf(root, { target: "gatewya" }), "RESULTS_OTHER_TARGET"],
    ["another phone's name", (root) => resultsOf(root, { device: { id: "raspberry-pi-5", reported: "Pixel 8" } }), "RESULTS_OTHER_DEVICE"],
    ["other bytes", (root) => resultsOf(root, { model: { file: "model.onnx", sha256: "0".repeat(64), precision: resultsOf(root).model.precision } }), "RESULTS_OTHER_MODEL"],
    ["a failed self-test", (root) => resultsOf(root, { selfTest: { vectors: 4, passed: 3, worstOfAllowed: null } }), "RESULTS_SELF_TEST_FAILED"],
  ])("refuses %s, and leaves the lock alone", async (_, results, code) => {
    const root = await emittedProject();
    const before = readFileSync(join(root, "plan.lock.json"), "utf8");
    const { code: exit, problems } = await runJson(root, ["measure", "--import", written(root, results(root))]);
    expect({ exit, codes: problems.map((problem) => problem.code) }).toEqual({ exit: 1, codes: expect.arrayContaining([code]) });
    expect(readFileSync(join(root, "plan.lock.json"), "utf8")).toBe(before);
  });

  it("needs a file, a bundle, and no target", async () => {
    const root = await plannedProject();
    const codes = async (...argv: readonly string[]): Promise<readonly string[]> => (await runJson(root, argv)).problems.map(({ code }) => code);
    expect(await codes("measure", "--import", "nowhere.json")).toEqual(["FILE_NOT_FOUND"]);
    expect(await codes("measure", "gateway", "--import", "x.json")).toEqual(["USAGE"]);
    const emitted = await emittedProject();
    expect(await codes("measure", "--import", written(root, resultsOf(emitted)))).toEqual(["NOT_EMITTED"]);
  });
});
