import { describe, expect, it } from "vitest";
import { type PlanInput, plan } from "../plan.ts";
import type { Backend } from "../schema/runtime.ts";
import { readingMeters } from "../testing/reading-meters.ts";

/** The phone of the small plan, its backend changed and some of what is known left out. */
function phone(change: Partial<PlanInput>, backend: Partial<Backend> = {}) {
  const input = readingMeters();
  const spec = { ...input.spec, targets: input.spec.targets.filter(({ name }) => name === "phone") };
  const runtimes = input.runtimes.map((runtime) => ({ ...runtime, backends: runtime.backends.map((one) => ({ ...one, ...backend })) }));
  return plan({ ...input, spec, runtimes, ...change });
}

describe("an arithmetic that cannot be run", () => {
  const unmeasured = [{ numerics: "ort", precisions: ["int8"] as const, missing: "the runtime: npm i runtime" }];

  it("is not asked for; its accuracy is unknown, with what is missing", () => {
    const { wanted, complete, deployments: [deployment] } = phone({ unmeasured, measurements: readingMeters().measurements.filter((fact) => fact.kind !== "accuracy" || fact.key.precision === "float32") });
    expect({ wanted, complete }).toEqual({ wanted: [], complete: true });
    expect(deployment?.choice?.candidate.precision).toBe("float32");
    const refused = deployment?.rejected.filter(({ candidate }) => candidate.precision === "int8") ?? [];
    expect(refused).toHaveLength(3);
    for (const { reasons } of refused) expect(reasons).toMatchObject([{ kind: "unknown-cost", missing: "the runtime: npm i runtime" }]);
  });

  it("is asked for in the precisions that it can be run in", () => {
    expect(phone({ unmeasured, measurements: [] }).wanted).toMatchObject([{ key: { precision: "float32" } }]);
  });

  it("counts where it was measured before", () => {
    expect(phone({ unmeasured })).toEqual(phone({}));
  });

  it("leaves a plan that asks for no accuracy as it is", () => {
    const input = readingMeters();
    const targets = input.spec.targets.map((target) => ({ ...target, budgets: target.budgets.filter(({ key }) => key !== "accuracy") }));
    const about = { spec: { ...input.spec, targets }, measurements: [] };
    expect(phone({ ...about, unmeasured }).deployments).toEqual(phone(about).deployments);
  });
});

describe("an arithmetic that another stands in for", () => {
  const standIn = { numerics: "accelerator", standIn: "ort" };

  it("takes its accuracies, as measured on something similar", () => {
    const own = phone({}).deployments[0]?.choice;
    const similar = phone({}, standIn).deployments[0]?.choice;
    expect(similar?.candidate).toEqual(own?.candidate);
    expect(similar?.costs.accuracy).toEqual({ ...own?.costs.accuracy, basis: "measured-similar" });
  });

  it("asks for a measurement of the one that stands in", () => {
    expect(phone({ measurements: [] }, standIn).wanted).toMatchObject([{ key: { numerics: "ort" } }]);
  });

  it("does not satisfy a budget that asks for its own", () => {
    const input = readingMeters();
    const targets = input.spec.targets.filter(({ name }) => name === "phone").map((target) => ({ ...target, budgets: target.budgets.map((budget) => ({ ...budget, evidence: "measured" as const })) }));
    const deployment = phone({ spec: { ...input.spec, targets } }, standIn).deployments[0];
    expect(deployment?.choice).toBeNull();
    expect(deployment?.rejected.flatMap(({ reasons }) => reasons.map(({ kind }) => kind))).toContain("weak-evidence");
  });
});
