import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lock, Manifest, Results } from "@edgewise/planner/schema";
import { describe, expect, it } from "vitest";
import { makeProject, planText } from "./testing/project.ts";
import { runJson, runPlan } from "./testing/run-plan.ts";

const targets = `targets:
  phone: { device: pixel-8, runtimes: [litert], budgets: { delegate: ">= 95 %" } }
`;

function phoneProject(changes: string = targets): string {
  return makeProject({ "plan.yaml": `${planText.slice(0, planText.indexOf("targets:"))}${changes}` });
}

function lockOf(root: string): Lock {
  return JSON.parse(readFileSync(join(root, "plan.lock.json"), "utf8")) as Lock;
}

function manifestOf(root: string): Manifest {
  return JSON.parse(readFileSync(join(root, "bundles/phone/manifest.json"), "utf8")) as Manifest;
}

describe("a phone, from plan to device", () => {
  it("is planned with accuracies of LiteRT itself, emitted, checked, run in LiteRT, and planned anew by what the phone said", async () => {
    const root = phoneProject();
    expect(await runPlan(root, ["make"])).toMatchObject({ code: 0, stderr: "" });
    const lock = lockOf(root);
    expect(lock.unmeasured).toBeUndefined();
    expect(new Set(lock.accuracies.map(({ key }) => key.numerics.split("@")[0]))).toEqual(new Set(["litert-cpu"]));
    const choice = lock.plan.deployments[0]?.choice;
    expect(choice?.candidate).toMatchObject({ runtime: "litert", file: "models/good.onnx" });
    expect(choice?.costs.delegate?.low).toBeGreaterThanOrEqual(0.95);

    expect((await runPlan(root, ["emit"])).code).toBe(0);
    expect((await runPlan(root, ["check"])).code).toBe(0);
    const { code, answer } = await runJson(root, ["measure"]);
    const { targets: [measured] } = answer as { readonly targets: readonly { readonly runs: readonly { readonly where: string; readonly findings: readonly { readonly holds: boolean | null }[] }[] }[] };
    expect(measured?.runs[0]?.where).toContain("LiteRT");
    expect(measured?.runs[0]?.findings.map(({ holds }) => holds)).toEqual([true, true, null]);
    expect(code).toBe(0);

    writeFileSync(join(root, "results.json"), JSON.stringify(resultsOf(manifestOf(root))));
    expect(await runJson(root, ["measure", "--import", "results.json"])).toMatchObject({ code: 0, answer: { ok: true, fact: { run: { device: "Pixel 8", os: "Android 15" } } } });
    expect((await runPlan(root, ["make"])).code).toBe(0);
    const again = lockOf(root).plan.deployments[0];
    const verdict = [...(again?.choice ? [again.choice] : []), ...(again?.rejected ?? [])].find(({ candidate }) => candidate.id === choice?.candidate.id);
    expect(verdict?.costs).toMatchObject({ latency: { expected: P50_MS, basis: "measured" }, delegate: { low: 1, basis: "measured" } });
  });

  it("on an accelerator is judged by accuracies of the CPU path, as measured on something similar", async () => {
    const root = phoneProject();
    expect((await runPlan(root, ["make"])).code).toBe(0);
    const gpu = lockOf(root).plan.deployments.flatMap(({ choice, rejected }) => [...(choice ? [choice] : []), ...rejected]).filter(({ candidate, costs }) => candidate.backend === "gpu" && costs.accuracy !== undefined);
    expect(gpu.length).toBeGreaterThan(0);
    for (const { costs } of gpu) expect(costs.accuracy?.basis).toBe("measured-similar");
  });
});

/** As long as the model of the plan says. */
const P50_MS = 0.0125;

/** What the bundle's benchmark would print on its phone. */
function resultsOf({ candidate, files }: Manifest): Results {
  const model = files.find(({ path }) => path.endsWith("model.tflite"));
  return {
    version: 1, target: "phone", candidate: candidate.id, device: { id: "pixel-8", reported: "Pixel 8" }, os: { name: "Android", version: "15" },
    runtime: { id: candidate.runtime, version: candidate.runtimeVersion }, backend: { asked: candidate.backend, ran: candidate.backend }, fallbacks: [], threads: 4,
    model: { file: model?.path ?? "", sha256: model?.sha256 ?? "", precision: candidate.precision }, selfTest: { vectors: 4, passed: 4, worstOfAllowed: 0.1 },
    placement: { fullyDelegated: true, layers: null, delegatedLayers: null, delegatedMacsFraction: null },
    burst: { warmUpRuns: 5, runs: 100, durationMs: 30, p50Ms: P50_MS, p95Ms: 0.3 }, sustained: { warmUpRuns: 0, runs: 200_000, durationMs: 60_000, p50Ms: 0.28, p95Ms: 0.4 },
    memoryHighWaterBytes: null, energyJoulesPerInference: null,
  };
}
