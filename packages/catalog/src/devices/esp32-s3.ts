import type { Device } from "@edgewise/planner/schema";
import { rateOf, spreadOf } from "../benchmarks/benchmark.ts";
import { tflmOnEsp32s3 } from "../benchmarks/esp-nn.ts";
import { tinyMaixOnEsp32s3 } from "../benchmarks/tinymaix.ts";
import { KiB, MiB } from "../sizes.ts";
import { read, region, runtimes } from "../sourced.ts";

const datasheet = "https://www.espressif.com/sites/default/files/documentation/esp32-s3_datasheet_en.pdf";
const board = "https://docs.espressif.com/projects/esp-dev-kits/en/latest/esp32s3/esp32-s3-devkitc-1/index.html";
const memoryTypes = "https://docs.espressif.com/projects/esp-idf/en/stable/esp32s3/api-guides/memory-types.html";
const engines = [tinyMaixOnEsp32s3, tflmOnEsp32s3];

/** The board without PSRAM. Caches and ESP-IDF itself live in the same SRAM. One core infers, without its vector unit. */
export const esp32S3: Device = {
  id: "esp32-s3", name: "Espressif ESP32-S3-DevKitC-1-N8", class: "microcontroller", chip: "ESP32-S3",
  units: [{
    id: "cpu", kind: "cpu", isa: "xtensa-lx7", cores: 1, clockHz: read(240e6, datasheet),
    macsPerSecond: { int8: rateOf(engines) },
    bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null, spread: spreadOf(engines),
  }],
  memory: [
    { ...region("ram", "sram", read(512 * KiB, datasheet)), reserveBytes: read(192 * KiB, memoryTypes, "assumed") },
    region("flash", "flash", read(8 * MiB, board)),
  ],
  activeWatts: null, usdPerHour: null,
  runtimes: runtimes({ "edgewise-c": "https://docs.espressif.com/projects/esp-idf/en/stable/esp32s3/get-started/index.html" }),
};
