import { z } from "zod";
import type { Manifest } from "../manifest.ts";
import type { Candidate, Lock, Plan, Reason, Verdict, Wanted } from "../plan.ts";
import type { Budget, BudgetKey, PreferKey } from "../spec.ts";
import { taskContract } from "./contract.ts";
import { accuracyFact, accuracyKey, calibrationFact, evaluationFacts, latencyFact, modelFacts, targetFacts } from "./facts.ts";
import { basis, byteCount, digest, estimate, precision, resolution } from "./scalars.ts";

const budgetKey: z.ZodType<BudgetKey> = z.enum(["accuracy", "drop", "latency", "ram", "flash", "bundle", "energy", "cost", "delegate"]);
const preferKey: z.ZodType<PreferKey> = z.enum(["ram", "flash", "bundle", "latency", "energy", "cost", "accuracy"]);
const relation = z.enum(["<=", ">="]);
const half = z.enum(["selection", "confirmation"]);
const budget: z.ZodType<Budget> = z.strictObject({ key: budgetKey, relation, limit: z.number(), evidence: basis, text: z.string() });
const costs = z.partialRecord(budgetKey, estimate);
const prefer = z.strictObject({ order: z.array(preferKey), tolerance: z.number() });

const candidate: z.ZodType<Candidate> = z.strictObject({
  id: digest, target: z.string(), device: z.string(), placement: z.enum(["device", "cloud"]), model: digest, file: z.string(), family: z.string(),
  variant: z.string(), resolution, precision, runtime: z.string(), runtimeVersion: z.string(), backend: z.string(),
});

const reason: z.ZodType<Reason> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("unsupported-op"), node: z.string(), op: z.string(), rule: z.string() }),
  z.strictObject({ kind: z.literal("over-limit"), budget, needed: estimate, largest: z.string().nullable(), half: half.nullable() }),
  z.strictObject({ kind: z.literal("out-of-reach"), budget, half, correct: byteCount, samples: byteCount, available: byteCount, attainable: z.number() }),
  z.strictObject({ kind: z.literal("region-too-small"), region: z.string(), availableBytes: z.number(), neededBytes: estimate, largest: z.string() }),
  z.strictObject({ kind: z.literal("buffer-too-large"), region: z.string(), limitBytes: z.number(), neededBytes: z.number() }),
  z.strictObject({ kind: z.literal("unknown-region"), region: z.string(), missing: z.string() }),
  z.strictObject({ kind: z.literal("unknown-cost"), budget, missing: z.string() }),
  z.strictObject({ kind: z.literal("weak-evidence"), budget, basis }),
  z.strictObject({ kind: z.literal("too-few-samples"), budget, half, needed: estimate.nullable(), samples: byteCount, samplesNeeded: byteCount.nullable() }),
  z.strictObject({ kind: z.literal("not-evaluated"), budget: budget.nullable(), why: z.enum(["time-box", "not-needed", "pending"]) }),
  z.strictObject({ kind: z.literal("not-assessed"), missing: z.string() }),
  z.strictObject({ kind: z.literal("no-calibration") }),
  z.strictObject({ kind: z.literal("outranked"), by: digest, key: preferKey, higherIsBetter: z.boolean(), own: z.number().nullable(), best: z.number(), tolerance: z.number() }),
  z.strictObject({ kind: z.literal("tied"), by: digest }),
  z.strictObject({ kind: z.literal("violates-policy"), policy: z.enum(["precision", "runtime", "licence"]), allowed: z.array(z.string()), found: z.string() }),
]);

const verdict: z.ZodType<Verdict> = z.strictObject({ candidate, costs, reasons: z.array(reason) });

const wanted: z.ZodType<Wanted> = z.strictObject({
  kind: z.literal("accuracy"), candidate: digest, target: z.string(), key: accuracyKey, half, paired: z.boolean(),
  decides: z.strictObject({ relation, limit: z.number() }).nullable(),
});

const plan: z.ZodType<Plan> = z.strictObject({
  version: z.literal(1),
  deployments: z.array(z.strictObject({ target: z.string(), device: z.string(), budgets: z.array(budget), prefer, choice: verdict.nullable(), rejected: z.array(verdict) })),
  wanted: z.array(wanted), complete: z.boolean(),
});

export const lockDocument: z.ZodType<Lock> = z.strictObject({
  version: z.literal(1), inputs: z.record(z.string(), digest), contract: taskContract, models: z.array(modelFacts), calibrations: z.array(calibrationFact),
  facts: z.array(targetFacts), accuracies: z.array(accuracyFact), latencies: z.array(latencyFact), evaluation: evaluationFacts.nullable(),
  unmeasured: z.array(z.strictObject({ numerics: z.string(), precisions: z.array(precision), missing: z.string() })).exactOptional(), plan,
}).meta({ title: "plan.lock.json" });

/** Relative, forward slashes, no empty or dot segments: a bundle writes below its own folder only. */
const safePath = z.string().max(240).regex(/^(?!\/)(?:(?!\.{1,2}(?:\/|$))[^/\\:\0]+(?:\/|$))+$/, "a relative path that stays inside the bundle");

export const manifestDocument: z.ZodType<Manifest> = z.strictObject({
  version: z.literal(1), plan: digest, candidate, contract: taskContract, licence: z.string().nullable(), costs,
  promises: z.record(z.string(), z.union([z.number(), z.string()])),
  files: z.array(z.strictObject({ path: safePath, bytes: byteCount, sha256: digest })),
}).meta({ title: "manifest.json" });
