import { type Interval, wilson } from "@edgewise/planner";

export interface ClassAnswer {
  readonly label: number;
  readonly best: number;
}

/**
 * Mean over classes of F1 = 2 · right / (times in the labels + times answered). Classes that are neither labelled nor
 * answered do not count.
 */
export function macroF1(answers: readonly ClassAnswer[]): number {
  const counts = new Map<number, { right: number; uses: number }>();
  const countOf = (index: number): { right: number; uses: number } => {
    const count = counts.get(index) ?? { right: 0, uses: 0 };
    counts.set(index, count);
    return count;
  };
  for (const { label, best } of answers) {
    countOf(label).uses += 1;
    countOf(best).uses += 1;
    if (label === best) countOf(label).right += 1;
  }
  const scores = [...counts.values()].map(({ right, uses }) => (2 * right) / uses);
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

const RESAMPLES = 1000;

/** Fixed, so that the same answers have the same interval. */
const SEED = 0x5eed;

/**
 * 95 % interval of the mean F1: the middle of 1000 bootstrap resamples with a fixed seed. The lower end is held at or
 * below Wilson's bound of the right answers, because resampling few or perfect answers sees too little spread.
 * Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, 13.3.
 */
export function macroF1Interval(answers: readonly ClassAnswer[]): Interval {
  const draw = randomIndices(SEED);
  const scores = Array.from({ length: RESAMPLES }, () => macroF1(answers.map((answer) => answers[draw(answers.length)] ?? answer))).sort((a, b) => a - b);
  const expected = macroF1(answers);
  const right = answers.filter(({ label, best }) => label === best).length;
  const low = Math.min(scores[Math.floor(0.025 * RESAMPLES)] ?? 0, wilson(right, answers.length).low, expected);
  return { low, high: Math.max(scores[Math.ceil(0.975 * RESAMPLES) - 1] ?? 1, expected) };
}

/** Whole numbers below a bound, from a 32-bit xorshift. Source: Marsaglia 2003, doi.org/10.18637/jss.v008.i14 */
function randomIndices(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * bound);
  };
}
