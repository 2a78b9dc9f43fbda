import { invariant } from "@edgewise/graph";
import type { Backend, Runtime } from "@edgewise/planner/schema";
import type { Core } from "./footprint/footprint.ts";
import type { KernelSet } from "./isa/specialize.ts";

/** Raised when emitted C computes or costs something else; facts of another version do not hold. */
export const VERSION = "1";

/** Instruction sets of microcontrollers, and the core on which code and stack of each were measured; null: none was. */
export const measuredCores: Readonly<Record<string, Core | null>> = {
  "armv6-m": "cortex-m0plus",
  "armv7-m": "cortex-m3",
  "armv7e-m": "cortex-m4",
  "armv8-m": "cortex-m33",
  "armv8.1-m": "cortex-m33",
  "xtensa-lx6": null,
  "xtensa-lx7": null,
  "rv32imc": null,
};

/** One backend a family of kernels: the planner weighs their code size against their speed. All give the same bytes. */
const isas: Readonly<Record<KernelSet, readonly string[]>> = {
  portable: Object.keys(measuredCores),
  thumb: ["armv6-m", "armv7-m"],
  dsp: ["armv7e-m", "armv8-m", "armv8.1-m"],
};

/** The family that a backend's id names. */
export function kernelSetOf(backend: string): KernelSet {
  const set = kernelSets.find((each) => each === backend);
  invariant(set !== undefined, `${backend} is a backend of this runtime`);
  return set;
}

const kernelSets: readonly KernelSet[] = ["dsp", "portable", "thumb"];

export const runtime: Runtime = {
  id: "edgewise-c", version: VERSION, summary: "C99 for microcontrollers: one static arena, weights in flash, no operating system.",
  backends: kernelSets.map((id): Backend => ({ id, unitKind: "cpu", isas: isas[id], precisions: ["int8"], numerics: "edgewise-int8@1" })),
};
