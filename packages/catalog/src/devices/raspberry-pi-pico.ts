import type { Device, InstructionTiming } from "@edgewise/planner/schema";
import { rateOf, spreadOf } from "../benchmarks/benchmark.ts";
import { tinyMaixOnRp2040 } from "../benchmarks/tinymaix.ts";
import { KiB, MiB } from "../sizes.ts";
import { armGcc, read, region, runtimes } from "../sourced.ts";

const datasheet = "https://datasheets.raspberrypi.com/rp2040/rp2040-datasheet.pdf";
const board = "https://datasheets.raspberrypi.com/pico/pico-datasheet.pdf";

/** The SDK's default; the chip is rated for 133 MHz. */
const CLOCK_HZ = 125e6;
/** The published rows are overclocked; a core that runs from SRAM scales with its clock. */
const moved = { factor: CLOCK_HZ / tinyMaixOnRp2040.clockHz, basis: "assumed" } as const;

/**
 * Cycles of an emulated Cortex-M0+ over the instructions of our own networks: 1.34 to 1.41, no waits. Weights come from a
 * serial flash through a cache of 16 KiB, a line of 8 bytes in about 400 ns, 50 cycles at this clock. A layer whose weights
 * do not fit the cache reads them more than once; the spread must hold that.
 */
const timing: InstructionTiming = {
  cyclesPerInstruction: read(1.37, "https://github.com/wokwi/rp2040js", "emulated"),
  cyclesPerConstantByte: read(50 / 8, `https://oberon-rtk.org/description/flash-memory/ ${datasheet}`, "modelled"),
  spread: read(1.6, datasheet, "assumed"),
};

/** The four striped banks and the two small ones follow one another from 0x20000000: one region. One core infers. */
export const raspberryPiPico: Device = {
  id: "raspberry-pi-pico", name: "Raspberry Pi Pico", class: "microcontroller", chip: "RP2040",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv6-m", cores: 1, clockHz: read(CLOCK_HZ, datasheet),
    macsPerSecond: { int8: rateOf([tinyMaixOnRp2040], moved) },
    bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null, spread: spreadOf([tinyMaixOnRp2040]),
    instructionTiming: timing,
  }],
  memory: [
    region("ram", "sram", read(264 * KiB, datasheet)),
    region("flash", "flash", read(2 * MiB, board)),
  ],
  activeWatts: null, usdPerHour: null,
  runtimes: runtimes({ "edgewise-c": armGcc }),
};
