import { wilson } from "@edgewise/planner";
import type { Estimate } from "@edgewise/planner/schema";
import type { Answers } from "./answers.ts";
import { macroF1, macroF1Interval } from "./macro-f1.ts";
import { studentT95 } from "./student-t.ts";

/**
 * A metric and its 95 % interval.
 *
 *   top1, top5, agreement  right / samples; Wilson
 *   per-class-minimum      the least rate of a class; the least Wilson bounds over classes, each at 95 % by itself.
 *                          A class without samples proves nothing: the lower bound is 0
 *   f1                     mean F1 of the classes that occur; see `macroF1Interval`
 *   mse                    mean of the samples' errors; Student's t, not below 0
 *
 * Without samples every value is possible.
 */
export function valueOf(answers: Answers): Estimate {
  switch (answers.metric) {
    case "top1": case "top5": case "agreement": return rate(answers.right, answers.samples);
    case "per-class-minimum": return classMinimum(answers);
    case "f1": return answers.samples === 0 ? rate(0, 0) : { expected: macroF1(answers.classes), ...macroF1Interval(answers.classes), basis: "measured" };
    case "mse": return meanError(answers.squaredErrors);
    default: return answers.metric satisfies never;
  }
}

function rate(right: number, samples: number): Estimate {
  return { ...wilson(right, samples), expected: samples === 0 ? 0 : right / samples, basis: samples === 0 ? "unknown" : "measured" };
}

function classMinimum({ classes, output }: Answers): Estimate {
  const counts = new Map<number, { right: number; samples: number }>((output?.labels ?? []).map((_, label) => [label, { right: 0, samples: 0 }]));
  for (const { label, best } of classes) {
    const count = counts.get(label) ?? { right: 0, samples: 0 };
    counts.set(label, count);
    count.samples += 1;
    if (best === label) count.right += 1;
  }
  const rates = [...counts.values()].map(({ right, samples }) => rate(right, samples));
  const least = (of: (estimate: Estimate) => number, among: readonly Estimate[]): number => among.reduce((low, estimate) => Math.min(low, of(estimate)), 1);
  const seen = rates.filter(({ basis }) => basis === "measured");
  if (seen.length === 0) return rate(0, 0);
  return { low: least(({ low }) => low, rates), expected: least(({ expected }) => expected, seen), high: least(({ high }) => high, rates), basis: "measured" };
}

function meanError(errors: readonly number[]): Estimate {
  const n = errors.length;
  if (n === 0) return { low: 0, expected: 0, high: Number.MAX_VALUE, basis: "unknown" };
  const mean = errors.reduce((sum, error) => sum + error, 0) / n;
  if (n === 1) return { low: 0, expected: mean, high: Number.MAX_VALUE, basis: "measured" };
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (n - 1);
  const half = studentT95(n - 1) * Math.sqrt(variance / n);
  return { low: Math.max(0, mean - half), expected: mean, high: mean + half, basis: "measured" };
}
