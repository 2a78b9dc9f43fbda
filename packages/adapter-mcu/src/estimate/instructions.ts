import type { Estimate, UnitWork } from "@edgewise/planner/schema";
import type { Program } from "../program.ts";
import { measuredCores } from "../runtime.ts";
import { type Feature, featuresOf } from "./features.ts";
import type { InstructionTable, KernelInstructions } from "./instruction-table.ts";
import { instructionTable } from "./table.ts";

/**
 * Machine instructions of one inference.
 *
 *   expected = Σ layers: Σ features: coefficient(kernel, core) · feature(layer)
 *   low, high = Σ layers: expected / spread(kernel), expected · spread(kernel)
 *
 * The errors of layers are taken to point one way, which is the worst. null (unknown) where the instruction set was not
 * counted, or a kernel was not. For -O2, as the emitted build files ask; instructions are not cycles.
 */
export function instructionsOf(program: Program, isa: string, table: InstructionTable = instructionTable): Estimate | null {
  const core = measuredCores[isa] ?? null;
  if (core === null || program.layers.length === 0) return null;
  let [low, expected, high] = [0, 0, 0];
  for (const layer of program.layers) {
    const row = table.cores[core][layer.kernel];
    if (row === undefined) return null;
    const count = countOf(row, featuresOf(layer, program));
    low += count / row.spread;
    expected += count;
    high += count * row.spread;
  }
  return { low: Math.floor(low), expected: Math.round(expected), high: Math.ceil(high), basis: "modelled" };
}

export function countOf({ perFeature }: KernelInstructions, features: Readonly<Record<Feature, number>>): number {
  return Object.entries(perFeature).reduce((sum, [name, coefficient]) => sum + coefficient * features[name as Feature], 0);
}

/** What `instructionsOf` adds to a program's work: nothing where it is unknown. */
export function countedWorkOf(program: Program, isa: string): Pick<UnitWork, "instructions" | "constantBytes"> {
  const instructions = instructionsOf(program, isa);
  if (instructions === null) return {};
  return { instructions, constantBytes: program.layers.flatMap(({ arrays }) => arrays).reduce((sum, { data }) => sum + data.byteLength, 0) };
}
