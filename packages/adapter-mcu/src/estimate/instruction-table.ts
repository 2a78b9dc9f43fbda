import type { Core } from "../footprint/footprint.ts";
import type { KernelName } from "../kernels/kernel.ts";
import type { Feature } from "./features.ts";

/** Instructions of one kernel on one core: Σ coefficient · feature, for the features that matter to it. */
export interface KernelInstructions {
  readonly perFeature: Readonly<Partial<Record<Feature, number>>>;
  /** Counts of layers that the fit did not see lie within expected / spread and expected · spread; ≥ 1. */
  readonly spread: number;
  /** Layers it rests on. */
  readonly layers: number;
}

/** Coefficients, with what they were counted with. */
export interface InstructionTable {
  readonly compiler: string;
  readonly flags: string;
  readonly emulator: string;
  /** ISO date of the count. */
  readonly date: string;
  /** A kernel that was not counted has no entry: its instructions are unknown. */
  readonly cores: Readonly<Record<Core, Readonly<Partial<Record<KernelName, KernelInstructions>>>>>;
}
