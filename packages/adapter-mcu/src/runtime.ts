import type { Backend, Runtime } from "@edgewise/planner/schema";
import type { Core } from "./footprint/footprint.ts";

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

const portable: Backend = {
  id: "portable", unitKind: "cpu", isas: Object.keys(measuredCores), precisions: ["int8"], numerics: "edgewise-int8@1",
};

export const runtime: Runtime = {
  id: "edgewise-c", version: VERSION, summary: "C99 for microcontrollers: one static arena, weights in flash, no operating system.", backends: [portable],
};
