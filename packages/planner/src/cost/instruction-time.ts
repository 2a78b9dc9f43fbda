import type { ComputeUnit } from "../schema/device.ts";
import type { UnitWork } from "../schema/facts.ts";
import type { Basis, Estimate } from "../schema/sourced.ts";
import { jointFactor, weaker } from "./estimate.ts";

/** Milliseconds, low ≤ expected ≤ high. */
export type InstructionTime = Pick<Estimate, "low" | "expected" | "high"> & { readonly basis: Basis };

/**
 * Time of counted machine instructions on one core, in milliseconds.
 *
 *   cycles = instructions · cyclesPerInstruction + constantBytes · cyclesPerConstantByte
 *   ms     = 1000 · cycles / clockHz
 *   high   = ms · (1 + √((instructions.high / instructions.expected − 1)² + (spread − 1)²))
 *   low    = ms / (1 + √((instructions.expected / instructions.low − 1)² + (spread − 1)²))
 *
 * The errors of a count and of a core's timing have nothing to do with each other, so they add as squares. An unknown
 * cost of constants leaves that term out. null where the count, the timing or the clock is unknown: then another model
 * must do. One core runs the program. Units: instructions, bytes, cycles, hertz, milliseconds.
 */
export function instructionTime({ instructions, constantBytes = 0 }: UnitWork, { instructionTiming: timing, clockHz }: ComputeUnit): InstructionTime | null {
  if (instructions === undefined || instructions.expected <= 0 || timing == null || clockHz === null) return null;
  const { cyclesPerInstruction, cyclesPerConstantByte, spread } = timing;
  const cycles = instructions.expected * cyclesPerInstruction.value + constantBytes * (cyclesPerConstantByte?.value ?? 0);
  const ms = (1000 * cycles) / clockHz.value;
  return {
    low: ms / jointFactor(instructions.expected / instructions.low, spread.value),
    expected: ms,
    high: ms * jointFactor(instructions.high / instructions.expected, spread.value),
    basis: [instructions, cyclesPerInstruction, spread, clockHz, ...(cyclesPerConstantByte === null ? [] : [cyclesPerConstantByte])].map(({ basis }) => basis).reduce(weaker, "modelled"),
  };
}
