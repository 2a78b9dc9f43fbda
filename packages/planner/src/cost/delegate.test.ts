import { describe, expect, it } from "vitest";
import { wordReason, wordRemedy } from "../explain/word.ts";
import { type PlanInput, plan } from "../plan.ts";
import type { LatencyFact, TargetFacts } from "../schema/facts.ts";
import type { Deployment, Reason } from "../schema/plan.ts";
import type { Estimate } from "../schema/sourced.ts";
import type { Budget } from "../schema/spec.ts";
import { readingMeters } from "../testing/reading-meters.ts";

const atLeast95: Budget = { key: "delegate", relation: ">=", limit: 0.95, evidence: "assumed", text: ">= 95 %" };
const predicted = (share: number): Estimate => ({ low: share, expected: share, high: share, basis: "modelled" });

/** The phone of the small plan with a budget on coverage, and facts that say `change` of each candidate. */
function phone(change: (facts: TargetFacts) => Partial<TargetFacts>, about: { readonly budget?: Budget; readonly runs?: (input: PlanInput) => readonly LatencyFact[] } = {}): Deployment {
  const input = readingMeters();
  const spec = { ...input.spec, targets: input.spec.targets.filter(({ name }) => name === "phone").map((target) => ({ ...target, budgets: [about.budget ?? atLeast95] })) };
  const measurements = [...input.measurements, ...(about.runs?.(input) ?? [])];
  return plan({ ...input, spec, measurements, facts: input.facts.map((facts) => ({ ...facts, ...change(facts) })) }).deployments[0]!;
}

function reasonsOf({ rejected }: Deployment): readonly Reason[] {
  return rejected.flatMap(({ reasons }) => reasons).filter(({ kind }) => kind !== "outranked");
}

/** A run of every candidate on its device, which said what it delegated. */
function runs(share: number | null) {
  return ({ facts }: PlanInput): readonly LatencyFact[] => facts.map(({ model, precision, resolution, device, runtime, runtimeVersion, backend }) => ({
    kind: "latency", model, precision, resolution, device, runtime, runtimeVersion, backend, runs: 100, p50Ms: 1, p95Ms: 2, value: { low: 1, expected: 1, high: 2, basis: "measured" },
    run: {
      artefact: "a", device: "Phone", os: "Android 15", threads: null, ranOn: backend, burst: { runs: 100, durationMs: 200, p50Ms: 1, p95Ms: 2 }, sustained: null,
      delegateCoverage: share === null ? null : { low: share, expected: share, high: share, basis: "measured" }, memoryHighWaterBytes: null, energyJoules: 0.25,
    },
  }));
}

describe("a budget on delegate coverage", () => {
  it("is met by a share that is large enough, and the share is told", () => {
    expect(phone(() => ({ delegateCoverage: predicted(0.97) })).choice?.costs.delegate).toEqual(predicted(0.97));
  });

  it("refuses a share below it by the interval's low end, and names what is left out most", () => {
    const coverage: Estimate = { low: 0.9, expected: 0.96, high: 1, basis: "modelled" };
    const deployment = phone(() => ({ delegateCoverage: coverage, largestUndelegated: { node: "/head", op: "Softmax", rule: "not on the GPU" } }));
    expect(deployment.choice).toBeNull();
    const reason = reasonsOf(deployment)[0]!;
    expect(reason).toEqual({ kind: "over-limit", budget: atLeast95, needed: coverage, largest: "Softmax at /head: not on the GPU", half: null });
    expect(wordReason(reason)).toBe("delegate coverage 90 % < 95 % (predicted, 96 % expected; most of what is left out: Softmax at /head: not on the GPU)");
    expect(wordRemedy(reason)).toBe("lower delegate to 89.5 %");
  });

  it("is not met by what nobody states", () => {
    const deployment = phone(() => ({}));
    expect(deployment.choice).toBeNull();
    expect(reasonsOf(deployment)).toMatchObject(Array(6).fill({ kind: "unknown-cost", budget: atLeast95 }));
    expect(wordRemedy(reasonsOf(deployment)[0]!)).toContain("waive delegate");
  });

  it("that asks for a measurement is not met by a prediction", () => {
    const measured: Budget = { ...atLeast95, evidence: "measured" };
    expect(reasonsOf(phone(() => ({ delegateCoverage: predicted(1) }), { budget: measured }))).toMatchObject(Array(6).fill({ kind: "weak-evidence", basis: "modelled" }));
    expect(phone(() => ({ delegateCoverage: predicted(1) }), { budget: measured, runs: runs(1) }).choice?.costs.delegate).toMatchObject({ basis: "measured" });
  });

  it("believes the device over the prediction, and the prediction where the device is silent", () => {
    expect(phone(() => ({ delegateCoverage: predicted(1) }), { runs: runs(0.5) }).choice).toBeNull();
    expect(phone(() => ({ delegateCoverage: predicted(0.2) }), { runs: runs(0.96) }).choice).not.toBeNull();
    expect(phone(() => ({ delegateCoverage: predicted(1) }), { runs: runs(null) }).choice?.costs.delegate).toEqual(predicted(1));
  });
});

it("energy that the device measured replaces the model", () => {
  expect(phone(() => ({ delegateCoverage: predicted(1) }), { runs: runs(1) }).choice?.costs.energy).toEqual({ low: 0.25, expected: 0.25, high: 0.25, basis: "measured" });
});
