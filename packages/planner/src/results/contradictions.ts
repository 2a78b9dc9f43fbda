import { estimateText, quantityText } from "../explain/quantity-text.ts";
import type { LatencyFact, TargetFacts } from "../schema/facts.ts";
import type { Verdict } from "../schema/plan.ts";
import type { Fallback, Results } from "../schema/results.ts";
import type { Estimate } from "../schema/sourced.ts";
import type { Budget } from "../schema/spec.ts";
import type { Finding } from "./finding.ts";

export interface Comparison {
  readonly results: Results;
  readonly fact: LatencyFact;
  /** What the adapter said of the candidate; null where the lock has nothing. */
  readonly facts: TargetFacts | null;
  readonly verdict: Verdict;
  readonly budgets: readonly Budget[];
}

/** The plan's predictions beside what the device did, a line each; `holds` is false where the device contradicts. */
export function contradictions(about: Comparison): readonly Finding[] {
  return [...whereItRan(about), ...coverage(about), ...latency(about), ...memory(about), selfTest(about)];
}

const causeText: Readonly<Record<Fallback["cause"], string>> = {
  "missing-library": "its library is not in the app or not on the device", "unsupported-op": "it does not have an operator of the model", precision: "it does not take this precision",
  shape: "it does not take a shape of the model", os: "this version of the system does not offer it", other: "it failed",
};

function whereItRan({ results: { backend, fallbacks } }: Comparison): readonly Finding[] {
  const words = fallbacks.map((fallback) => `${fallback.backend}: ${causeText[fallback.cause]}${fallback.message === "" ? "" : ` (${fallback.message})`}`);
  return [{ what: "backend that ran", promised: backend.asked, found: [backend.ran, ...words].join("; "), holds: backend.ran === backend.asked }];
}

/** Predicted and measured coverage differ when their intervals do not meet. */
function coverage({ results: { placement }, fact, facts }: Comparison): readonly Finding[] {
  const predicted = facts?.delegateCoverage ?? null;
  const measured = fact.run?.delegateCoverage ?? null;
  if (predicted === null && measured === null) return [];
  const counted = placement?.layers == null || placement.delegatedLayers === null ? "" : `, ${placement.delegatedLayers} of ${placement.layers} layers`;
  return [{
    what: "delegate coverage", promised: predicted === null ? "–" : estimateText("delegate", predicted),
    found: measured === null ? "the runtime does not say" : `${estimateText("delegate", measured)}${counted}`,
    holds: predicted === null || measured === null ? null : meets(predicted, measured) && !(placement?.fullyDelegated === false && predicted.low >= 1),
  }];
}

function meets(a: Estimate, b: Estimate): boolean {
  return a.low <= b.high && b.low <= a.high;
}

function latency({ results: { burst, sustained }, fact, verdict, budgets }: Comparison): readonly Finding[] {
  const modelled = verdict.costs.latency;
  const budget = budgets.find(({ key }) => key === "latency");
  const ms = (value: number): string => quantityText("latency", value);
  return [
    { what: "latency, p50 / p95", promised: modelled === undefined ? "–" : estimateText("latency", modelled), found: `${ms(burst.p50Ms)} / ${ms(burst.p95Ms)}`, holds: modelled === undefined ? null : burst.p50Ms <= modelled.high },
    ...(sustained === null ? [] : [{ what: "latency when hot, p50 / p95", promised: "–", found: `${ms(sustained.p50Ms)} / ${ms(sustained.p95Ms)}, ${(sustained.p50Ms / burst.p50Ms).toFixed(2)} times as long`, holds: null }]),
    ...(budget === undefined ? [] : [{ what: "latency budget", promised: budget.text, found: ms(fact.value.high), holds: fact.value.high <= budget.limit }]),
  ];
}

function memory({ results: { memoryHighWaterBytes: bytes }, facts }: Comparison): readonly Finding[] {
  if (bytes === null) return [];
  const bill = facts?.memory.find(({ region }) => region === "ram");
  return [{ what: "most memory at once", promised: bill === undefined ? "–" : estimateText("ram", bill.total), found: quantityText("ram", bytes), holds: bill === undefined ? null : bytes <= bill.total.high }];
}

function selfTest({ results: { selfTest: { vectors, passed, worstOfAllowed } } }: Comparison): Finding {
  const worst = worstOfAllowed === null ? "" : `, ${Math.round(100 * worstOfAllowed)} % of what is allowed`;
  return { what: "golden vectors", promised: `${vectors} of ${vectors}`, found: `${passed} of ${vectors}${worst}`, holds: vectors === 0 ? null : passed === vectors };
}
