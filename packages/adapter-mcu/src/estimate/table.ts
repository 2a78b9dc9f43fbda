import type { InstructionTable } from "./instruction-table.ts";

/** Made by bench/mcu/instructions.qemu.test.ts. */
export const instructionTable: InstructionTable = {
  compiler: "", flags: "", emulator: "", date: "2026-11-23",
  cores: { "cortex-m0plus": {}, "cortex-m3": {}, "cortex-m4": {}, "cortex-m33": {} },
};
