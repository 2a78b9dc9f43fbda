import type { Device } from "@edgewise/planner/schema";
import { rateOf, spreadOf, wattsOf, wattsSpreadOf } from "../benchmarks/benchmark.ts";
import { timingOf } from "../benchmarks/cycles.ts";
import { cubeOnL4r5, cubeOnL4r5ByKrai, microTvmOnL4r5, tflmOnL4r5 } from "../benchmarks/mlperf-tiny.ts";
import { KiB, MiB } from "../sizes.ts";
import { armGcc, read, region, runtimes } from "../sourced.ts";

const datasheet = "https://www.st.com/resource/en/datasheet/stm32l4r5zi.pdf";
const engines = [tflmOnL4r5, microTvmOnL4r5];
/** Power depends on who measured more than on the engine: supply voltage and what else is on. */
const powered = [...engines, cubeOnL4r5, cubeOnL4r5ByKrai];

/** SRAM1, SRAM2 (through its alias) and SRAM3 follow one another from 0x20000000: one region. */
export const nucleoL4r5zi: Device = {
  id: "nucleo-l4r5zi", name: "ST NUCLEO-L4R5ZI", class: "microcontroller", chip: "STM32L4R5ZI",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv7e-m", cores: 1, clockHz: read(120e6, datasheet),
    macsPerSecond: { int8: rateOf(engines) },
    bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null, spread: spreadOf(engines),
    instructionTiming: timingOf("cortex-m4"),
  }],
  memory: [
    region("ram", "sram", read(640 * KiB, datasheet)),
    region("flash", "flash", read(2 * MiB, datasheet)),
  ],
  activeWatts: wattsOf(powered), activeWattsSpread: wattsSpreadOf(powered), usdPerHour: null,
  runtimes: runtimes({ "edgewise-c": armGcc }),
};
