import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlanInput, plan } from "./plan.ts";
import type { AccuracyFact } from "./schema/facts.ts";
import type { Deployment, Reason, Verdict } from "./schema/plan.ts";
import type { Budget, Target } from "./schema/spec.ts";
import { bruteForceOrder } from "./testing/brute-force.ts";
import { isViolated } from "./testing/check-reason.ts";
import { meetsEverything, rankingOf } from "./testing/feasible-oracle.ts";
import { type RandomShape, randomInput, randomTarget } from "./testing/random-input.ts";
import { seeded } from "./testing/seeded.ts";
import { decideRate } from "./statistics/decide-rate.ts";

const seed = Number(process.env["EDGEWISE_SEED"] ?? 1);
const numRuns = Number(process.env["EDGEWISE_RUNS"] ?? 300);

function shapes(measured: number): fc.Arbitrary<RandomShape> {
  return fc.record({ seed: fc.nat(), models: fc.integer({ min: 1, max: 6 }), targets: fc.integer({ min: 1, max: 3 }), measured: fc.constant(measured) });
}

function holds(measured: number, law: (input: PlanInput, shape: RandomShape) => void): void {
  fc.assert(fc.property(shapes(measured), (shape) => { law(randomInput(shape), shape); }), { seed, numRuns });
}

function verdictsOf({ choice, rejected }: Deployment): readonly Verdict[] {
  return choice === null ? rejected : [choice, ...rejected];
}

function withTargets(input: PlanInput, targets: readonly Target[]): PlanInput {
  return { ...input, spec: { ...input.spec, targets } };
}

function withBudget(input: PlanInput, about: { readonly target: string; readonly budget: Budget; readonly limit: number }): PlanInput {
  return withTargets(input, input.spec.targets.map((target) => target.name !== about.target ? target : {
    ...target, budgets: target.budgets.map((budget) => budget.key === about.budget.key ? { ...budget, limit: about.limit } : budget),
  }));
}

function targetOf(input: PlanInput, name: string): Target {
  return input.spec.targets.find((target) => target.name === name)!;
}

/** Candidates that could replace the choice: their only reason is that another was preferred. */
function runnersUp({ rejected }: Deployment): readonly Verdict[] {
  return rejected.filter(({ reasons }) => reasons.every(({ kind }) => kind === "outranked" || kind === "tied"));
}

describe("with everything measured", () => {
  it("a plan is complete", () => {
    holds(1, (input) => expect(plan(input)).toMatchObject({ complete: true, wanted: [] }));
  });

  it("the choice and the order of all that could replace it are the brute-force oracle's", () => {
    holds(1, (input) => {
      for (const deployment of plan(input).deployments) {
        const target = targetOf(input, deployment.target);
        const feasible = verdictsOf(deployment).filter((verdict) => meetsEverything(verdict, target, input));
        const expected = bruteForceOrder(feasible, target, (verdict) => rankingOf(verdict, input));
        const found = deployment.choice === null ? [] : [deployment.choice, ...runnersUp(deployment)];
        expect(found.map(({ candidate }) => candidate.id)).toEqual(expected.map(({ candidate }) => candidate.id));
      }
    });
  });

  it("relaxing a limit never loses a choice", () => {
    holds(1, (input) => {
      for (const { target, choice, budgets } of plan(input).deployments) {
        if (choice === null) continue;
        for (const budget of budgets) {
          const limit = budget.relation === "<=" ? budget.limit * 1.3 : budget.limit * 0.9;
          expect(plan(withBudget(input, { target, budget, limit })).deployments.find((one) => one.target === target)?.choice).not.toBeNull();
        }
      }
    });
  });

  it("deleting the winner promotes the runner-up", () => {
    holds(1, (input) => {
      for (const deployment of plan(input).deployments) {
        if (deployment.choice === null) continue;
        const { candidate } = deployment.choice;
        const facts = input.facts.filter((fact) => fact.model !== candidate.model || fact.precision !== candidate.precision || fact.device !== candidate.device
          || fact.runtime !== candidate.runtime || fact.backend !== candidate.backend);
        const again = plan({ ...input, facts }).deployments.find(({ target }) => target === deployment.target);
        expect(again?.choice?.candidate.id).toBe(runnersUp(deployment)[0]?.candidate.id);
      }
    });
  });

  it("each over-limit reason disappears when its limit moves to the estimate's bad end", () => {
    holds(1, (input) => {
      for (const { target, rejected } of plan(input).deployments) {
        for (const { candidate, reasons } of rejected.slice(0, 5)) {
          for (const reason of reasons.filter(({ kind }) => kind === "over-limit") as (Reason & { kind: "over-limit" })[]) {
            const limit = reason.budget.relation === "<=" ? reason.needed.high : reason.needed.low;
            const again = plan(withBudget(input, { target, budget: reason.budget, limit })).deployments.find((one) => one.target === target)!;
            const verdict = verdictsOf(again).find((one) => one.candidate.id === candidate.id)!;
            const same = verdict.reasons.filter((one) => one.kind === "over-limit" && one.budget.key === reason.budget.key && one.half === reason.half);
            expect(same).toEqual([]);
          }
        }
      }
    });
  });
});

describe("with evaluations that stop once they are decided", () => {
  it("no choice differs from the one on all samples", () => {
    holds(1, (input) => {
      expect(plan(stoppedEarly(input)).deployments.map(({ choice }) => choice?.candidate.id)).toEqual(plan(input).deployments.map(({ choice }) => choice?.candidate.id));
    });
  });

  it("what is out of reach states an inequality that fails, and is open again below it", () => {
    let seen = 0;
    holds(1, (whole) => {
      const input = stoppedEarly(whole);
      for (const { target, rejected } of plan(input).deployments) {
        for (const { candidate, reasons } of rejected) {
          for (const reason of reasons.filter((one) => one.kind === "out-of-reach")) {
            seen += 1;
            expect(isViolated(reason), JSON.stringify(reason)).toBe(true);
            const again = plan(withBudget(input, { target, budget: reason.budget, limit: reason.attainable })).deployments.find((one) => one.target === target)!;
            const verdict = verdictsOf(again).find((one) => one.candidate.id === candidate.id)!;
            expect(verdict.reasons.filter((one) => one.kind === "out-of-reach" && one.half === reason.half)).toEqual([]);
          }
        }
      }
    });
    expect(seen).toBeGreaterThan(0);
  });
});

/** The same answers, wrong ones first, each half stopped where the strictest accuracy limit that asks is decided. */
function stoppedEarly(input: PlanInput): PlanInput {
  const targets = input.spec.targets;
  const limits = targets.flatMap(({ budgets }) => budgets.filter(({ key }) => key === "accuracy").map(({ limit }) => limit));
  const needsAll = targets.some(({ prefer, budgets }) => prefer.order.includes("accuracy") || budgets.some(({ key }) => key === "drop"));
  return { ...input, measurements: input.measurements.map((fact) => fact.kind !== "accuracy" || needsAll ? fact : stopped(fact, limits)) };
}

function stopped(fact: AccuracyFact, limits: readonly number[]): AccuracyFact {
  if (fact.correct === null || limits.length === 0) return fact;
  const wrong = fact.available - fact.correct;
  for (let samples = 0; samples < fact.available; samples += 1) {
    const correct = Math.max(0, samples - wrong);
    if (limits.every((limit) => decideRate({ correct, samples, available: fact.available }, limit) !== "open")) {
      return { ...fact, correct, samples, paired: null, complete: false, stopped: "decided" };
    }
  }
  return fact;
}

describe("whatever is measured", () => {
  it("permuting every list of the input leaves the plan's bytes equal", () => {
    holds(0.5, (input, shape) => {
      const random = seeded(shape.seed + 1);
      const shuffled: PlanInput = {
        ...input, models: random.shuffle(input.models), facts: random.shuffle(input.facts), measurements: random.shuffle(input.measurements),
        catalog: { devices: random.shuffle(input.catalog.devices) },
        runtimes: random.shuffle(input.runtimes).map((runtime) => ({ ...runtime, backends: random.shuffle(runtime.backends) })),
        spec: { ...input.spec, targets: random.shuffle(input.spec.targets) },
      };
      expect(JSON.stringify(plan(shuffled))).toBe(JSON.stringify(plan(input)));
    });
  });

  it("adding an independent target changes no other deployment", () => {
    holds(0.5, (input, shape) => {
      const added = randomTarget(seeded(shape.seed + 2), "added", input.catalog.devices);
      const before = plan(input);
      const after = plan(withTargets(input, [added, ...input.spec.targets]));
      expect(after.deployments.filter(({ target }) => target !== "added")).toEqual(before.deployments);
      expect(after.wanted.filter(({ target }) => target !== "added")).toEqual(before.wanted);
    });
  });

  it("every candidate that was not chosen has a reason, and the choice has none", () => {
    holds(0.5, (input) => {
      for (const { choice, rejected } of plan(input).deployments) {
        expect(choice?.reasons ?? []).toEqual([]);
        for (const { reasons } of rejected) expect(reasons.length).toBeGreaterThan(0);
      }
    });
  });

  it("the inequality of every reason is violated by its own numbers", () => {
    holds(0.5, (input) => {
      for (const reason of plan(input).deployments.flatMap(({ rejected }) => rejected.flatMap(({ reasons }) => reasons))) {
        expect(isViolated(reason), JSON.stringify(reason)).toBe(true);
      }
    });
  });

  it("survives JSON: no number of a plan is infinite or not a number", () => {
    holds(0.5, (input) => {
      const made = plan(input);
      expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    });
  });

  it("asking and answering ends, and decides what planning with every measurement decides", () => {
    holds(1, (input) => {
      const { answers, asked } = answerUntilComplete(input);
      expect(answers.deployments.map(({ choice }) => choice?.candidate.id)).toEqual(plan(input).deployments.map(({ choice }) => choice?.candidate.id));
      expect(asked).toBeLessThanOrEqual(input.measurements.length);
    });
  });
});

/** Plays the runner: starts with no accuracy, and adds what is wanted until nothing is. */
function answerUntilComplete(input: PlanInput): { readonly answers: ReturnType<typeof plan>; readonly asked: number } {
  const accuracies = input.measurements.filter((fact) => fact.kind === "accuracy");
  let known = input.measurements.filter((fact) => fact.kind !== "accuracy") as PlanInput["measurements"];
  for (let asked = 0; ; ) {
    const answers = plan({ ...input, measurements: known });
    if (answers.complete) return { answers, asked };
    const found = answers.wanted.map(({ key, half }) => accuracies.find((fact) => fact.half === half && JSON.stringify(fact.key) === JSON.stringify(key)));
    const fresh = found.filter((fact) => fact !== undefined && !known.includes(fact)) as PlanInput["measurements"];
    if (fresh.length === 0) throw new Error(`asked for what was answered: ${JSON.stringify(answers.wanted)}`);
    asked += fresh.length;
    known = [...known, ...new Set(fresh)];
  }
}
