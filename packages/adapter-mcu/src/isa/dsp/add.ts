import { solveAddAt } from "../../epilogue/add.ts";
import type { Layer } from "../../program.ts";
import { linearAdd, sumTaskOf } from "../add.ts";
import { numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { FACTOR_BITS, SUM_SHIFT } from "./add-kernel.ts";

/** Slopes times 2^8 are an int32. */
const LARGEST_SLOPE = 2 ** (31 - FACTOR_BITS) - 1;

/** A sum as a line with the kernel's shift, proved over all pairs; else with a shift of its own, in C. */
export function dspAdd(layer: Layer, numbers: Numbers): Layer | null {
  const task = numbers === "provisional" ? null : sumTaskOf(layer);
  const form = task === null ? null : solveAddAt(task, { shift: SUM_SHIFT, largest: LARGEST_SLOPE });
  if (form === null || form.clamp !== null) return linearAdd(layer, numbers);
  const factor = (slope: number): number => slope * 2 ** FACTOR_BITS;
  return { ...layer, kernel: "add_dsp", parameters: { count: numberOf(layer, "count"), a_factor: factor(form.m1), b_factor: factor(form.m2), start: form.c }, arrays: [] };
}
