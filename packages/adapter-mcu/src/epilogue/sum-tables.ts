import { type SumBoundary, type SumTask, storedAt } from "./sum.ts";

/** Two tables by stored number + 128 whose sum, shifted, is the result before saturation. */
export interface SumTables {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly shift: number;
}

/** Rounds of relaxation; more than the tables have entries means that the demands contradict each other. */
const ROUNDS = 600;

/**
 * Tables with a[i] + b[j] >= level · 2^s exactly where the reference reaches the level; null where there are none.
 *
 *   a[i] − (−b[j]) >= level · 2^s at the boundary,  <= level · 2^s − 1 one place before it
 *
 * A system of difference constraints over 512 whole numbers: starting from the exact slopes, each violated demand moves
 * the entries just enough (Bellman-Ford), which ends in a solution if there is one. `slopes`: results a step of each
 * operand is worth. Sums stay in int32. Source: Cormen et al., Introduction to Algorithms, difference constraints.
 */
export function solveTables(task: SumTask, boundary: SumBoundary, slopes: readonly [number, number]): SumTables | null {
  const reach = 255 * (slopes[0] + slopes[1]) + 256;
  const shift = Math.max(0, Math.min(23, 30 - Math.ceil(Math.log2(reach))));
  const unit = 2 ** shift;
  const { aZero, bZero, outputZero } = task.numbers;
  const a = Float64Array.from({ length: 256 }, (_, i) => Math.round(task.aSign * slopes[0] * unit * (storedAt(i, task.aSign) - aZero)));
  const b = Float64Array.from({ length: 256 }, (_, j) => Math.round(task.bSign * slopes[1] * unit * (storedAt(j, task.bSign) - bZero) + (outputZero + 0.5) * unit));
  if (!relax({ a, b }, boundary, unit)) return null;
  const table = (entries: Float64Array, sign: 1 | -1): Int32Array => Int32Array.from({ length: 256 }, (_, k) => entries[sign === 1 ? k : 255 - k] as number);
  return { a: table(a, task.aSign), b: table(b, task.bSign), shift };
}

/** Raises a where a sum is too small, lowers b where it is too large, until nothing moves. */
function relax({ a, b }: { readonly a: Float64Array; readonly b: Float64Array }, { levels, places }: SumBoundary, unit: number): boolean {
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (let n = 0; n < places.length; n++) {
      const i = n & 255;
      const j = places[n] as number;
      const level = (levels[n >> 8] as number) * unit;
      if (j < 256 && (a[i] as number) + (b[j] as number) < level) {
        a[i] = level - (b[j] as number);
        moved = true;
      }
      if (j > 0 && (a[i] as number) + (b[j - 1] as number) >= level) {
        b[j - 1] = level - 1 - (a[i] as number);
        moved = true;
      }
    }
    if (!moved) return true;
  }
  return false;
}
