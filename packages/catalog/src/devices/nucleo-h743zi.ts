import type { Device } from "@edgewise/planner/schema";
import { rateOf, spreadOf } from "../benchmarks/benchmark.ts";
import { timingOf } from "../benchmarks/cycles.ts";
import { cmsisOnH743, tflmOnH743 } from "../benchmarks/mcunet.ts";
import { KiB, MiB } from "../sizes.ts";
import { armGcc, read, region, runtimes } from "../sourced.ts";

const datasheet = "https://www.st.com/resource/en/datasheet/stm32h743zi.pdf";
const memoryMap = "https://github.com/stm32-rs/stm32h7xx-hal/blob/v0.11.0/memory.x";
const engines = [tflmOnH743, cmsisOnH743];

/**
 * Timing of its instructions was fitted at 216 and 280 MHz. From 216 to 400 MHz, networks of ST's model zoo take 4 % more
 * cycles on this family (github.com/STMicroelectronics/stm32ai-modelzoo, STM32F769 against STM32H747), which the spread holds.
 *
 * A megabyte in pools that no array can span. SRAM1 and SRAM2 are neighbours; the instruction TCM holds no data here.
 */
export const nucleoH743zi: Device = {
  id: "nucleo-h743zi", name: "ST NUCLEO-H743ZI2", class: "microcontroller", chip: "STM32H743ZI",
  units: [{
    id: "cpu", kind: "cpu", isa: "armv7e-m", cores: 1, clockHz: read(480e6, datasheet),
    macsPerSecond: { int8: rateOf(engines) },
    bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null, spread: spreadOf(engines),
    instructionTiming: timingOf("cortex-m7"),
  }],
  memory: [
    region("ram", "axi-sram", read(512 * KiB, memoryMap)),
    region("ram", "sram1+2", read(256 * KiB, memoryMap)),
    region("ram", "dtcm", read(128 * KiB, memoryMap)),
    region("ram", "sram4", read(64 * KiB, memoryMap)),
    region("ram", "sram3", read(32 * KiB, memoryMap)),
    region("flash", "flash", read(2 * MiB, memoryMap)),
  ],
  activeWatts: null, usdPerHour: null,
  runtimes: runtimes({ "edgewise-c": armGcc }),
};
