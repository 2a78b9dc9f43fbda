import type { Estimate } from "@edgewise/planner/schema";
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
  const bytes = new Map(program.activations.map((activation) => [activation.id, activation.bytes]));
  let [low, expected, high] = [0, 0, 0];
  for (const layer of program.layers) {
    const row = table.cores[core][layer.kernel];
    if (row === undefined) return null;
    const count = countOf(row, featuresOf(layer, bytes.get(layer.output) ?? 0));
    low += count / row.spread;
    expected += count;
    high += count * row.spread;
  }
  return { low: Math.floor(low), expected: Math.round(expected), high: Math.ceil(high), basis: "modelled" };
}

export function countOf({ perFeature }: KernelInstructions, features: Readonly<Record<Feature, number>>): number {
  return Object.entries(perFeature).reduce((sum, [name, coefficient]) => sum + coefficient * features[name as Feature], 0);
}
