import { weaker } from "../cost/estimate.ts";
import { canonicalText } from "../schema/canonical.ts";
import type { AccuracyFact, AccuracyKey, LatencyFact, Measurement, TargetFacts } from "../schema/facts.ts";
import type { Half } from "../schema/plan.ts";
import type { Backend } from "../schema/runtime.ts";
import type { Estimate } from "../schema/sourced.ts";
import { wilson } from "../statistics/wilson.ts";
import { type FactLookup, indexFacts } from "./fact-index.ts";
import { type ArtefactKey, isSameAccuracy, isSameArtefact } from "./keys.ts";
import { compareText } from "./order.ts";

/** A measured accuracy and what it says about all samples of its half; made once for every target that asks. */
export interface Scored {
  readonly fact: AccuracyFact;
  readonly estimate: Estimate;
}

/** What is known, by what it holds for. */
export interface Evidence {
  readonly facts: FactLookup<ArtefactKey, TargetFacts>;
  readonly selection: FactLookup<AccuracyKey, Scored>;
  readonly confirmation: FactLookup<AccuracyKey, Scored>;
  readonly latency: FactLookup<ArtefactKey, LatencyFact>;
}

const artefact = { shelf: (key: ArtefactKey) => key.device, slot: (key: ArtefactKey) => key.model, isSame: isSameArtefact };

/**
 * Facts stated twice are the same facts; should they differ, the first as text counts. Of several measurements of one
 * thing the one with the most samples (or runs) counts; of equals, the first as text.
 */
export function evidenceOf(facts: readonly TargetFacts[], measurements: readonly Measurement[]): Evidence {
  return {
    facts: indexFacts<ArtefactKey, TargetFacts>(facts, { ...artefact, keyOf: (fact) => fact, isBetter: isFirstAsText }),
    selection: accuraciesOf(measurements, "selection"),
    confirmation: accuraciesOf(measurements, "confirmation"),
    latency: indexFacts<ArtefactKey, LatencyFact>(measurements.filter((fact) => fact.kind === "latency"), {
      ...artefact, keyOf: (fact) => fact, isBetter: (fact, other) => fact.runs > other.runs || (fact.runs === other.runs && isFirstAsText(fact, other)),
    }),
  };
}

function accuraciesOf(measurements: readonly Measurement[], half: Half): FactLookup<AccuracyKey, Scored> {
  const scored = measurements.filter((fact) => fact.kind === "accuracy").filter((fact) => fact.half === half).map((fact): Scored => ({ fact, estimate: estimateOf(fact) }));
  return indexFacts<AccuracyKey, Scored>(scored, {
    keyOf: ({ fact }) => fact.key, shelf: ({ numerics }) => numerics, slot: ({ model }) => model, isSame: isSameAccuracy,
    isBetter: ({ fact }, { fact: other }) => effort(fact) > effort(other) || (effort(fact) === effort(other) && isFirstAsText(fact, other)),
  });
}

/** More samples first; beside equal samples, the one that also ran the float model. */
function effort({ samples, paired }: AccuracyFact): number {
  return 2 * samples + (paired === null ? 0 : 1);
}

/** Of a rate stopped early: from "every remaining answer is wrong" to "every one is right". */
function estimateOf({ correct, samples, available, value }: AccuracyFact): Estimate {
  if (correct === null) return value;
  const low = wilson(correct, available).low;
  const high = wilson(correct + available - samples, available).high;
  const expected = samples === 0 ? 0.5 : correct / samples;
  return { low: Math.min(low, expected), expected, high: Math.max(high, expected), basis: value.basis };
}

/** A score for a backend: where another arithmetic stands in for its own, as measured on something similar. */
export function asMeasuredFor({ standIn }: Backend, score: Scored | null): Scored | null {
  if (score === null || standIn === undefined) return score;
  const { fact, estimate } = score;
  const similar = (value: Estimate): Estimate => ({ ...value, basis: weaker("measured-similar", value.basis) });
  return { fact: { ...fact, value: similar(fact.value) }, estimate: similar(estimate) };
}

function isFirstAsText(fact: object, other: object): boolean {
  return compareText(canonicalText(fact), canonicalText(other)) < 0;
}
