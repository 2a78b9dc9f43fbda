import type { StoredRange } from "@edgewise/graph/ops";
import { type Line, type LineConstraints, lineConstraints, solveLine } from "./sum-line.ts";
import { type SumReference, type SumTask, provesSum, sumBoundary, sumReference } from "./sum.ts";

/**
 * An exact line of an int8 sum or difference; a and b are stored numbers, all registers wrap at 32 bits.
 *
 *   y = ssat8((m1 · a + m2 · b + c) >> shift)
 */
export interface LinearSum {
  readonly m1: number;
  readonly m2: number;
  readonly c: number;
  readonly shift: number;
  /** What follows the saturation to int8 when the layer clamps inside int8; null when nothing does. */
  readonly clamp: StoredRange | null;
}

/** Results have 8 bits, a register has 32. */
const MOST_SHIFT = 24;
/** Shifts tried below the largest that can be encoded: each halves the precision of the slopes. */
const SHIFTS = 6;
/** Slopes are an int32. */
const LARGEST_SLOPE = 2147483647;

/**
 * A line that equals the reference for all 65,536 pairs, proved; null where none is found.
 *
 *   slopes  m1 = 2^20 · aFactor · outputFactor · 2^s, m2 likewise; signs as in the task
 *
 * Tries shifts from the largest down, which is bounded by the sum before saturation: that must be an int32, its products
 * and partial sums may wrap. Deterministic.
 */
export function solveAdd(task: SumTask): LinearSum | null {
  const search = searchOf(task);
  if (search === null) return null;
  const most = Math.min(MOST_SHIFT, Math.floor(Math.log2(LARGEST_SLOPE / Math.max(...slopesOf(task), 1e-9))));
  for (let shift = most; shift >= Math.max(0, most - SHIFTS); shift--) {
    const found = lineAt(search, { shift, largest: LARGEST_SLOPE });
    if (found !== null) return found;
  }
  return null;
}

/** What code with one shift can encode. */
export interface FixedLine {
  readonly shift: number;
  /** Largest slope. */
  readonly largest: number;
}

/** The line of a given shift, for code in which the shift is an immediate operand; null where none is found. */
export function solveAddAt(task: SumTask, line: FixedLine): LinearSum | null {
  const search = searchOf(task);
  return search === null ? null : lineAt(search, line);
}

/** What the line answers for two stored numbers: an int8. */
export function addValue({ m1, m2, c, shift, clamp }: LinearSum, a: number, b: number): number {
  const sum = (Math.imul(m1, a) + Math.imul(m2, b) + c) | 0;
  const value = Math.min(127, Math.max(-128, sum >> shift));
  return clamp === null ? value : Math.min(clamp.max, Math.max(clamp.min, value));
}

interface Search {
  readonly task: SumTask;
  readonly reference: SumReference;
  readonly constraints: LineConstraints;
}

/** null where the reference wraps. */
function searchOf(task: SumTask): Search | null {
  const reference = sumReference(task);
  return reference === null ? null : { task, reference, constraints: lineConstraints(sumBoundary(reference)) };
}

function lineAt({ task, reference, constraints }: Search, { shift, largest }: FixedLine): LinearSum | null {
  const [a, b] = slopesOf(task);
  const line = solveLine(constraints, { shift, slopes: [a * 2 ** shift, b * 2 ** shift], largest });
  if (line === null) return null;
  const found = { ...inStored(line, task), shift, clamp: clampOf(task) };
  return provesSum(task, reference, (x, y) => addValue(found, x, y)) ? found : null;
}

/** Results a step of each operand is worth. */
function slopesOf({ numbers }: SumTask): readonly [number, number] {
  const output = numbers.output.multiplier * 2 ** (numbers.output.shift - 31) * 1048576;
  return [numbers.a.multiplier * 2 ** (numbers.a.shift - 31) * output, numbers.b.multiplier * 2 ** (numbers.b.shift - 31) * output];
}

function clampOf({ numbers: { range } }: SumTask): StoredRange | null {
  return range.min === -128 && range.max === 127 ? null : range;
}

/** From places to stored numbers: place = stored + 128, or 127 − stored for what is subtracted. */
function inStored({ m1, m2, c }: Line, { aSign, bSign }: SumTask): Pick<LinearSum, "m1" | "m2" | "c"> {
  const start = c + m1 * (aSign === 1 ? 128 : 127) + m2 * (bSign === 1 ? 128 : 127);
  return { m1: aSign * m1, m2: bSign * m2, c: start | 0 };
}
