import { invariant } from "@edgewise/graph";
import type { Metric } from "../schema/facts.ts";
import type { Reason, Verdict, Wanted } from "../schema/plan.ts";
import type { PreferKey, Target } from "../schema/spec.ts";
import type { Judgement } from "./prove.ts";
import { type Band, type PreferenceQueue, type Ranked, preferenceQueue, tiedUpTo } from "./rank.ts";

/** A candidate with everything known about it; its reasons are those that forbid it. */
export interface Contender extends Verdict {
  readonly judgement: Judgement;
}

export interface Decision {
  readonly choice: Verdict | null;
  readonly rejected: readonly Verdict[];
  readonly wanted: readonly Wanted[];
}

export interface Rules {
  readonly target: Target;
  readonly metric: Metric | null;
}

/** Candidates in the race, their ranks and the queue over them; positions in the three agree. */
interface Race {
  readonly open: readonly Contender[];
  readonly ranked: readonly Ranked[];
  readonly queue: PreferenceQueue;
  readonly rules: Rules;
}

/**
 * The preferred one of the candidates that meet everything, or the measurements that are needed to know it.
 *
 * Candidates whose accuracy is open take part as if it were met. The best of them is final when it has met everything
 * and no open one could change it by failing: one that does not win matters when it is the best on some key and its
 * tolerance band keeps others out.
 */
export function decide(contenders: readonly Contender[], rules: Rules): Decision {
  const open = contenders.filter(({ reasons }) => reasons.length === 0);
  const failed = raceOf(contenders.filter(({ reasons }) => reasons.length > 0), rules);
  const forbidden = drain(failed.queue).map((index) => verdictOn(at(failed.open, index)));
  const race = raceOf(open, rules);
  const winner = race.queue.best();
  if (winner === null) return { choice: null, rejected: forbidden, wanted: [] };
  const asked = unsettled(race, winner);
  if (asked.length > 0) return pending(race, { asked, forbidden });
  const why = outrankedBy(race, winner);
  race.queue.remove(winner);
  const outranked = drain(race.queue).map((index) => verdictOn(at(open, index), why(index)));
  return { choice: verdictOn(at(open, winner)), rejected: [...outranked, ...forbidden], wanted: [] };
}

/** Without a reason given: as it came. */
function verdictOn({ candidate, costs, reasons }: Contender, reason?: Reason): Verdict {
  return { candidate, costs, reasons: reason === undefined ? reasons : [reason] };
}

function raceOf(open: readonly Contender[], rules: Rules): Race {
  const ranked = open.map((contender) => ({
    id: contender.candidate.id,
    values: rules.target.prefer.order.map((key) => valueOn(key, contender, rules.metric)),
  }));
  return { open, ranked, queue: preferenceQueue(ranked, rules.target.prefer.tolerance), rules };
}

/** Lower is better. Unknown is worse than any number; an accuracy still to be measured may be the best there is. */
function valueOn(key: PreferKey, { costs, judgement }: Contender, metric: Metric | null): number {
  if (key !== "accuracy") return costs[key]?.expected ?? Infinity;
  if (judgement.ranking !== null) return metric === "mse" ? judgement.ranking : -judgement.ranking;
  return judgement.state === "open" ? -Infinity : Infinity;
}

/** Candidates whose next measurement could change the decision; empty when `winner` is final. */
function unsettled({ open, ranked, queue, rules }: Race, winner: number): readonly number[] {
  const isMet = (index: number): boolean => at(open, index).judgement.state === "met";
  const bands = queue.bands();
  const onAccuracy = membersOf(bands[rules.target.prefer.order.indexOf("accuracy")]);
  const unranked = onAccuracy.filter((index) => !isMet(index) && at(open, index).judgement.ranking === null);
  if (onAccuracy.length > 1 && unranked.length > 0) return unranked;
  if (!isMet(winner)) return [winner];
  for (const [key, band] of bands.entries()) {
    const best = band.at(0);
    const entering = band.at(band.end);
    if (best === null || entering === null || isMet(best)) continue;
    const surest = membersOf(band).find(isMet) ?? winner;
    const valueOf = (index: number): number => at(at(ranked, index).values, key);
    if (valueOf(entering) <= tiedUpTo(valueOf(surest), rules.target.prefer.tolerance)) return [best];
  }
  return [];
}

function membersOf(band: Band | undefined): readonly number[] {
  return Array.from({ length: band?.size ?? 0 }, (_, position) => band?.at(position) ?? 0);
}

function pending({ open, queue, rules }: Race, { asked, forbidden }: { readonly asked: readonly number[]; readonly forbidden: readonly Verdict[] }): Decision {
  const budget = rules.target.budgets.find(({ key }) => key === "accuracy" || key === "drop") ?? null;
  const isAsked = new Set(asked);
  const undecided = drain(queue).map((index) =>
    verdictOn(at(open, index), { kind: "not-evaluated", budget, why: isAsked.has(index) ? "pending" : "not-needed" }));
  const wanted = asked.map((index) => at(open, index).judgement.wanted).filter((one) => one !== null);
  return { choice: null, rejected: [...undecided, ...forbidden], wanted };
}

/** Reads the bands as they stood when the winner was taken: the key on which each other one dropped out. */
function outrankedBy({ ranked, queue, rules: { target, metric } }: Race, winner: number): (index: number) => Reason {
  const { order, tolerance } = target.prefer;
  const { id: by, values: taken } = at(ranked, winner);
  const bests = queue.bands().map((band, key) => at(at(ranked, band.at(0) ?? winner).values, key));
  return (index) => {
    const { values } = at(ranked, index);
    const dropped = order.findIndex((_, position) => at(values, position) > tiedUpTo(at(bests, position), tolerance));
    if (dropped >= 0) return worse({ by, metric, key: at(order, dropped), own: at(values, dropped), best: at(bests, dropped), tolerance });
    const differs = order.findIndex((_, position) => at(values, position) !== at(taken, position));
    if (differs < 0) return { kind: "tied", by };
    return worse({ by, metric, key: at(order, differs), own: at(values, differs), best: at(taken, differs), tolerance: 0 });
  };
}

function worse(about: {
  readonly by: string; readonly metric: Metric | null; readonly key: PreferKey; readonly own: number; readonly best: number; readonly tolerance: number;
}): Reason {
  const { by, metric, key, own, best, tolerance } = about;
  return { kind: "outranked", by, key, higherIsBetter: key === "accuracy" && metric !== "mse", own: Number.isFinite(own) ? Math.abs(own) : null, best: Math.abs(best), tolerance };
}

/** Takes out everything that is left, best first. */
function drain(queue: PreferenceQueue): readonly number[] {
  const order: number[] = [];
  for (let best = queue.best(); best !== null; best = queue.best()) {
    order.push(best);
    queue.remove(best);
  }
  return order;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  invariant(item !== undefined, `position ${index} of ${items.length}`);
  return item;
}
