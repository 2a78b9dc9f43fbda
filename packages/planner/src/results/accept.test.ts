import { describe, expect, it } from "vitest";
import { plan } from "../plan.ts";
import type { Device } from "../schema/device.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Lock, Verdict } from "../schema/plan.ts";
import type { Results } from "../schema/results.ts";
import { readingMeters } from "../testing/reading-meters.ts";
import { type AcceptInput, acceptResults } from "./accept.ts";
import type { Finding } from "./finding.ts";
import { measuredCoverage } from "./latency-fact.ts";

const input = { ...readingMeters(), facts: readingMeters().facts.map((facts) => ({ ...facts, delegateCoverage: { low: 1, expected: 1, high: 1, basis: "modelled" as const } })) };
const made = plan(input);
const choice: Verdict = made.deployments.find(({ target }) => target === "phone")!.choice!;
const artefact = "a".repeat(64);
const device: Device = { ...input.catalog.devices.find(({ id }) => id === "some-phone")!, reportedAs: { value: ["Phone 1", "Phone 1b"], basis: "published", ref: "https://example.org", date: "2026-01-01" } };

const lock: Lock = {
  version: 1, inputs: {}, contract: { input: input.spec.task.input, output: input.spec.task.output }, models: input.models, calibrations: [], facts: input.facts,
  accuracies: [], latencies: [], evaluation: null, plan: made,
};
const manifest: Manifest = {
  version: 1, plan: "b".repeat(64), candidate: choice.candidate, contract: lock.contract, licence: null, costs: choice.costs, promises: {},
  files: [{ path: "model.bin", bytes: 10, sha256: artefact }],
};
const good: Results = {
  version: 1, target: "phone", candidate: choice.candidate.id, device: { id: "some-phone", reported: "Phone 1b" }, os: { name: "Android", version: "15" },
  runtime: { id: choice.candidate.runtime, version: choice.candidate.runtimeVersion }, backend: { asked: choice.candidate.backend, ran: choice.candidate.backend }, fallbacks: [], threads: 4,
  model: { file: "model.bin", sha256: artefact, precision: choice.candidate.precision }, selfTest: { vectors: 4, passed: 4, worstOfAllowed: 0.5 },
  placement: { fullyDelegated: true, layers: 10, delegatedLayers: 10, delegatedMacsFraction: null },
  burst: { warmUpRuns: 5, runs: 100, durationMs: 250, p50Ms: 0.02, p95Ms: 0.03 }, sustained: { warmUpRuns: 0, runs: 9000, durationMs: 60_000, p50Ms: 0.025, p95Ms: 0.04 },
  memoryHighWaterBytes: 1000, energyJoulesPerInference: 0.001,
};

function accept(change: Partial<Results> = {}, about: Partial<AcceptInput> = {}) {
  return acceptResults({ results: { ...good, ...change }, file: "results.json", lock, manifest, device, ...about });
}

function codesOf(change: Partial<Results>, about: Partial<AcceptInput> = {}): readonly string[] {
  const result = accept(change, about);
  return result.ok ? [] : result.errors.map(({ code }) => code);
}

function finding(what: string, change: Partial<Results> = {}): Finding | undefined {
  const result = accept(change);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value.findings.find((one) => one.what === what);
}

describe("results of this bundle on its device", () => {
  it("become a latency under the candidate's key, from the faster to the slower median", () => {
    const result = accept();
    expect(result.ok && result.value.fact).toMatchObject({
      kind: "latency", device: "some-phone", runtime: "onnxruntime", backend: "cpu", model: choice.candidate.model, precision: choice.candidate.precision, runs: 100,
      value: { low: 0.02, expected: 0.02, high: 0.025, basis: "measured" },
      run: { artefact, device: "Phone 1b", os: "Android 15", ranOn: "cpu", delegateCoverage: { low: 1, high: 1, basis: "measured" }, energyJoules: 0.001 },
    });
  });

  it("of a device that was never hot end at the 95th percentile, with a warning", () => {
    const result = accept({ sustained: null });
    expect(result.ok && result.value.fact.value.high).toBe(0.03);
    expect(result.ok && result.value.warnings.map(({ code }) => code)).toEqual(["RESULTS_NEVER_HOT"]);
  });

  it("are what the next plan rests on", () => {
    const result = accept();
    const again = plan({ ...input, measurements: [...input.measurements, ...(result.ok ? [result.value.fact] : [])] }).deployments.find(({ target }) => target === "phone");
    expect(again?.choice?.costs).toMatchObject({ latency: { expected: 0.02, basis: "measured" }, delegate: { basis: "measured" }, energy: { expected: 0.001 } });
  });

  it("with nothing to complain of contradict nothing", () => {
    const result = accept();
    expect(result.ok && result.value.findings.filter(({ holds }) => holds === false)).toEqual([]);
  });
});

describe("a contradiction is stated", () => {
  it("where the bundle fell back, with its cause, and its coverage is none", () => {
    const change: Partial<Results> = { backend: { asked: "cpu", ran: "slow" }, fallbacks: [{ backend: "cpu", cause: "missing-library", message: "lib.so" }] };
    expect(finding("backend that ran", change)).toEqual({ what: "backend that ran", promised: "cpu", found: "slow; cpu: its library is not in the app or not on the device (lib.so)", holds: false });
    expect(finding("delegate coverage", change)).toMatchObject({ promised: "100 % (predicted)", holds: false });
  });

  it.each([
    ["part of the layers", { fullyDelegated: false, layers: 10, delegatedLayers: 4, delegatedMacsFraction: null }, "40 % (0 % to 100 %, measured), 4 of 10 layers", false],
    ["a share of the work", { fullyDelegated: false, layers: null, delegatedLayers: null, delegatedMacsFraction: 0.5 }, "50 % (measured)", false],
    ["everything", { fullyDelegated: true, layers: null, delegatedLayers: null, delegatedMacsFraction: null }, "100 % (measured)", true],
    ["what the runtime does not say", null, "the runtime does not say", null],
  ] as const)("where everything was predicted and the device took %s", (_, placement, found, holds) => {
    expect(finding("delegate coverage", { placement })).toEqual({ what: "delegate coverage", promised: "100 % (predicted)", found, holds });
  });

  it("where it takes longer or more memory than the plan said", () => {
    expect(finding("latency, p50 / p95", { burst: { warmUpRuns: 1, runs: 50, durationMs: 9e4, p50Ms: 1000, p95Ms: 2000 } })).toMatchObject({ found: "1 s / 2 s", holds: false });
    expect(finding("most memory at once", { memoryHighWaterBytes: 2 ** 40 })).toMatchObject({ holds: false });
  });
});

it("coverage of nothing is nothing, and of some layers is open", () => {
  const backend = { asked: "gpu", ran: "gpu" };
  expect(measuredCoverage({ backend, placement: { fullyDelegated: false, layers: 9, delegatedLayers: 0, delegatedMacsFraction: null } })).toMatchObject({ low: 0, high: 0 });
  expect(measuredCoverage({ backend, placement: { fullyDelegated: false, layers: null, delegatedLayers: null, delegatedMacsFraction: null } })).toMatchObject({ low: 0, expected: 0, high: 1 });
  expect(measuredCoverage({ backend, placement: null })).toBeNull();
});

describe("results are refused", () => {
  it.each<[string, Partial<Results>, string]>([
    ["of another target", { target: "tablet" }, "RESULTS_OTHER_TARGET"],
    ["of another bundle", { candidate: "c".repeat(64) }, "RESULTS_OTHER_BUNDLE"],
    ["of a bundle for another device", { device: { id: "tiny-chip", reported: "Phone 1" } }, "RESULTS_OTHER_DEVICE"],
    ["of a device that calls itself otherwise", { device: { id: "some-phone", reported: "Phone 1 Pro" } }, "RESULTS_OTHER_DEVICE"],
    ["of another runtime", { runtime: { id: "litert", version: "1.30.0" } }, "RESULTS_OTHER_RUNTIME"],
    ["of another version of it", { runtime: { id: "onnxruntime", version: "1.29.0" } }, "RESULTS_OTHER_RUNTIME"],
    ["that asked for another backend", { backend: { asked: "gpu", ran: "gpu" } }, "RESULTS_OTHER_BACKEND"],
    ["of other bytes", { model: { ...good.model, sha256: "d".repeat(64) } }, "RESULTS_OTHER_MODEL"],
    ["of a file that the bundle has not", { model: { ...good.model, file: "other.bin" } }, "RESULTS_OTHER_MODEL"],
    ["in another precision", { model: { ...good.model, precision: "int4-palette" } }, "RESULTS_OTHER_MODEL"],
    ["when a golden vector failed", { selfTest: { vectors: 4, passed: 3, worstOfAllowed: 2 } }, "RESULTS_SELF_TEST_FAILED"],
    ["without a warm-up", { burst: { ...good.burst, warmUpRuns: 0 } }, "RESULTS_NO_WARM_UP"],
    ["of too few runs", { burst: { ...good.burst, runs: 29 } }, "RESULTS_TOO_FEW_RUNS"],
    ["that call a burst sustained", { sustained: { ...good.burst, durationMs: 59_000 } }, "RESULTS_NOT_SUSTAINED"],
  ])("%s", (_, change, code) => {
    expect(codesOf(change)).toContain(code);
  });

  it("when the lock no longer has the candidate", () => {
    expect(codesOf({}, { lock: { ...lock, plan: { ...made, deployments: [] } } })).toEqual(["RESULTS_CANDIDATE_GONE"]);
  });

  it("with every reason at once, each with a next step", () => {
    const result = accept({ target: "tablet", runtime: { id: "x", version: "1" }, burst: { ...good.burst, runs: 1 } });
    expect(result.ok ? [] : result.errors.length).toBeGreaterThanOrEqual(4);
    for (const { fix } of result.ok ? [] : result.errors) expect(fix).not.toBe("");
  });
});

it("a device of which nobody has said what it calls itself is taken on trust, with a warning", () => {
  const { reportedAs: _, ...unknown } = device;
  const result = accept({ device: { id: "some-phone", reported: "Whatever" } }, { device: unknown });
  expect(result.ok && result.value.warnings.map(({ code }) => code)).toEqual(["RESULTS_DEVICE_UNPROVEN"]);
});
