import type { ComputeUnit } from "../schema/device.ts";
import type { UnitWork } from "../schema/facts.ts";
import type { Basis, Estimate } from "../schema/sourced.ts";
import { weaker } from "./estimate.ts";

/** Milliseconds, low ≤ expected ≤ high. */
export type InstructionTime = Pick<Estimate, "low" | "expected" | "high"> & { readonly basis: Basis };

/**
 * Time of counted machine instructions on one core, in milliseconds.
 *
 *   ms   = 1000 · instructions · cyclesPerInstruction / clockHz
 *   high = ms · (1 + √((instructions.high / instructions.expected − 1)² + (spread − 1)²))
 *   low  = ms / (1 + √((instructions.expected / instructions.low − 1)² + (spread − 1)²))
 *
 * The errors of a count and of a core's timing have nothing to do with each other, so they add as squares. null where
 * the count, the timing or the clock is unknown: then another model must do. One core runs the program.
 * Units: instructions, cycles, hertz, milliseconds.
 */
export function instructionTime({ instructions }: UnitWork, { instructionTiming: timing, clockHz }: ComputeUnit): InstructionTime | null {
  if (instructions === undefined || instructions.expected <= 0 || timing == null || clockHz === null) return null;
  const ms = (1000 * instructions.expected * timing.cyclesPerInstruction.value) / clockHz.value;
  return {
    low: ms / joint(instructions.expected / instructions.low, timing.spread.value),
    expected: ms,
    high: ms * joint(instructions.high / instructions.expected, timing.spread.value),
    basis: [instructions.basis, timing.cyclesPerInstruction.basis, timing.spread.basis, clockHz.basis].reduce(weaker, "modelled"),
  };
}

/** Two independent factors ≥ 1 as one. */
function joint(a: number, b: number): number {
  return 1 + Math.sqrt((a - 1) ** 2 + (b - 1) ** 2);
}
