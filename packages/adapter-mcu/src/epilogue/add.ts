import type { StoredRange } from "@edgewise/graph/ops";
import { type Line, type LineConstraints, lineConstraints, solveLine } from "./sum-line.ts";
import { solveTables } from "./sum-tables.ts";
import { type SumReference, type SumTask, provesSum, sumBoundary, sumReference } from "./sum.ts";

/** What follows the saturation to int8 when the layer clamps inside int8; null when nothing does. */
type Clamp = StoredRange | null;

/** An exact form of an int8 sum or difference; a and b are stored numbers, all registers wrap at 32 bits. */
export type AddEpilogue =
  /** y = ssat8((m1 · a + m2 · b + c) >> shift); "dual": m1 and m2 are int16, one SMLAD does both products. */
  | { readonly kind: "dual" | "linear"; readonly m1: number; readonly m2: number; readonly c: number; readonly shift: number; readonly clamp: Clamp }
  /** y = ssat8((a[a + 128] + b[b + 128]) >> shift); 256 int32 each. */
  | { readonly kind: "tables"; readonly a: Int32Array; readonly b: Int32Array; readonly shift: number; readonly clamp: Clamp };

export type AddForm = AddEpilogue["kind"];

/** Results have 8 bits, a register has 32. */
const MOST_SHIFT = 24;
/** Shifts tried below the largest that can be encoded: each halves the precision of the slopes. */
const SHIFTS = 6;

/**
 * The cheapest form of a sum that equals the reference for all 65,536 pairs, proved; null where none is found.
 *
 *   slopes  m1 = 2^20 · aFactor · outputFactor · 2^s, m2 likewise; signs as in the task
 *
 * Tries the allowed forms in the order dual, linear, tables, each from the largest shift down. The shift is bounded by the
 * sum before saturation, which must be an int32: its products and partial sums may wrap. Deterministic.
 * Source of the instructions: Arm Architecture Reference Manual, SMLAD, MLA, SSAT.
 */
export function solveAdd(task: SumTask, forms: readonly AddForm[] = ["dual", "linear", "tables"]): AddEpilogue | null {
  const reference = sumReference(task);
  if (reference === null) return null;
  const boundary = sumBoundary(reference);
  const constraints = lineConstraints(boundary);
  for (const kind of ["dual", "linear"] as const) {
    const found = forms.includes(kind) ? solveLinear(kind, { task, reference, constraints }) : null;
    if (found !== null) return found;
  }
  const tables = forms.includes("tables") ? solveTables(task, boundary, slopesOf(task)) : null;
  if (tables === null) return null;
  const found: AddEpilogue = { kind: "tables", ...tables, clamp: clampOf(task) };
  return provesSum(task, reference, (a, b) => addValue(found, a, b)) ? found : null;
}

/** What the form answers for two stored numbers: an int8. */
export function addValue(form: AddEpilogue, a: number, b: number): number {
  const sum = form.kind === "tables" ? ((form.a[a + 128] as number) + (form.b[b + 128] as number)) | 0 : (Math.imul(form.m1, a) + Math.imul(form.m2, b) + form.c) | 0;
  const value = Math.min(127, Math.max(-128, sum >> form.shift));
  return form.clamp === null ? value : Math.min(form.clamp.max, Math.max(form.clamp.min, value));
}

function clampOf({ numbers: { range } }: SumTask): Clamp {
  return range.min === -128 && range.max === 127 ? null : range;
}

/** Results a step of each operand is worth. */
function slopesOf({ numbers }: SumTask): readonly [number, number] {
  const output = numbers.output.multiplier * 2 ** (numbers.output.shift - 31) * 1048576;
  return [numbers.a.multiplier * 2 ** (numbers.a.shift - 31) * output, numbers.b.multiplier * 2 ** (numbers.b.shift - 31) * output];
}

/** What code with one shift can encode. */
export interface FixedLine {
  readonly shift: number;
  /** Largest slope. */
  readonly largest: number;
}

/** The linear form of a given shift, for code in which the shift is an immediate operand; null where none is found. */
export function solveAddAt(task: SumTask, line: FixedLine): (AddEpilogue & { readonly kind: "linear" }) | null {
  const reference = sumReference(task);
  return reference === null ? null : linearAt("linear", { task, reference, constraints: lineConstraints(sumBoundary(reference)) }, line);
}

interface LinearTask {
  readonly task: SumTask;
  readonly reference: SumReference;
  readonly constraints: LineConstraints;
}

function solveLinear(kind: "dual" | "linear", search: LinearTask): AddEpilogue | null {
  const [a, b] = slopesOf(search.task);
  const largest = kind === "dual" ? 32767 : 2147483647;
  const most = Math.min(MOST_SHIFT, Math.floor(Math.log2(largest / Math.max(a, b, 1e-9))));
  for (let shift = most; shift >= Math.max(0, most - SHIFTS); shift--) {
    const found = linearAt(kind, search, { shift, largest });
    if (found !== null) return found;
  }
  return null;
}

function linearAt<Kind extends "dual" | "linear">(kind: Kind, { task, reference, constraints }: LinearTask, { shift, largest }: FixedLine): (AddEpilogue & { readonly kind: Kind }) | null {
  const [a, b] = slopesOf(task);
  const line = solveLine(constraints, { shift, slopes: [a * 2 ** shift, b * 2 ** shift], largest });
  if (line === null) return null;
  const found = { kind, ...inStored(line, task), shift, clamp: clampOf(task) } as AddEpilogue & { readonly kind: Kind };
  return provesSum(task, reference, (x, y) => addValue(found, x, y)) ? found : null;
}

/** From places to stored numbers: place = stored + 128, or 127 − stored for what is subtracted. */
function inStored({ m1, m2, c }: Line, { aSign, bSign }: SumTask): { readonly m1: number; readonly m2: number; readonly c: number } {
  const start = c + m1 * (aSign === 1 ? 128 : 127) + m2 * (bSign === 1 ? 128 : 127);
  return { m1: aSign * m1, m2: bSign * m2, c: start | 0 };
}
