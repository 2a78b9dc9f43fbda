import type { Candidate } from "../schema/plan.ts";
import { type CauseGroup, closestOf, excessOf } from "./cause.ts";
import type { Explanation, Fix, TargetExplanation } from "./explain.ts";
import { candidateText, wordProof, wordReason, wordRemedy } from "./word.ts";

/** A target in words: a headline, then titled lists. */
interface Section {
  readonly headline: string;
  readonly lists: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** For a terminal: no colour, two spaces a level. */
export function explanationText(explanation: Explanation): string {
  return explanation.targets.map(sectionOf).map(({ headline, lists }) =>
    [headline, ...lists.flatMap(({ title, lines }) => [`  ${title}`, ...lines.map((line) => `    ${line}`)])].join("\n")).join("\n\n") + "\n";
}

/** For explanation.md and a pull request. */
export function explanationMarkdown(explanation: Explanation): string {
  return explanation.targets.map(sectionOf).map(({ headline, lists }) =>
    [`## ${escaped(headline)}`, ...lists.flatMap(({ title, lines }) => ["", `**${title}**`, "", ...lines.map((line) => `- ${escaped(line)}`)])].join("\n")).join("\n\n") + "\n";
}

function sectionOf(about: TargetExplanation): Section {
  const lists = [
    { title: "Meets", lines: about.choice?.proofs.map(({ budget, cost }) => wordProof(budget, cost)) ?? [] },
    { title: about.choice === null ? "Why nothing fits" : "Why nothing else", lines: about.causes.map((group) => causeLine(group, about)) },
    { title: "Nearest alternatives", lines: about.nearest.map(({ verdict }) => `${candidateText(verdict.candidate)}: ${verdict.reasons.map(wordReason).join("; ")}`) },
    { title: "What would fit", lines: about.outcome === "infeasible" ? about.fixes.map(fixLine) : [] },
  ];
  return { headline: `${about.target} on ${about.device}: ${outcomeText(about)}`, lists: lists.filter(({ lines }) => lines.length > 0) };
}

function outcomeText({ outcome, choice, candidates }: TargetExplanation): string {
  switch (outcome) {
    case "chosen": return choice === null ? "" : candidateText(choice.candidate);
    case "infeasible": return `none of ${candidates} ${candidates === 1 ? "candidate" : "candidates"} fits`;
    case "undecided": return "undecided until accuracy is measured";
    case "no-candidates": return "no runtime of this device takes any of the models";
    default: return outcome satisfies never;
  }
}

function causeLine(group: CauseGroup, about: TargetExplanation): string {
  const closest = closestOf(group);
  if (closest === null) return "";
  const words = wordReason(closest.reason);
  const count = group.members.length;
  if (count === 1) return `${candidateText(closest.candidate)}: ${words}`;
  const link = excessOf(closest.reason) === null ? "such as" : "closest";
  return `${count} of ${about.candidates}${sharedText(group.members.map(({ candidate }) => candidate))}, ${link} ${candidateText(closest.candidate)}: ${words}`;
}

function fixLine({ candidate, reasons, unproven }: Fix): string {
  const changes = reasons.map((reason) => wordRemedy(reason)).filter((change) => change !== null).join(", and ");
  return `${candidateText(candidate)}: ${changes}${unproven ? "; its accuracy is still to be measured" : ""}`;
}

/** What all of several candidates share, if it tells them from the rest: " (float32)". */
function sharedText(candidates: readonly Candidate[]): string {
  const shared = (["precision", "variant", "runtime"] as const).flatMap((key) => {
    const values = new Set(candidates.map((candidate) => candidate[key]));
    return values.size === 1 ? [...values].filter((value) => value !== "") : [];
  });
  return shared.length === 0 ? "" : ` (${shared.join(", ")})`;
}

function escaped(line: string): string {
  return line.replaceAll(/([\\`*_<>|])/g, "\\$1");
}
