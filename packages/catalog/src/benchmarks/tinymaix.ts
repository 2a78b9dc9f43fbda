import type { Benchmark } from "./benchmark.ts";

/** TinyMaix, an engine of portable C, on small chips. MACs: MobileNetV1 0.25 at 96 and 128 pixels, counted from the architecture. */
export const tinyMaixOnRp2040: Benchmark = {
  ref: "https://github.com/sipeed/TinyMaix/blob/0532ece/benchmark.md", date: "2026-11-22",
  chip: "RP2040 (Cortex-M0+)", engine: "TinyMaix", clockHz: 280e6,
  rows: [
    { model: "MobileNetV1 0.25 128x128", macs: 13570000, ms: 1211 },
    { model: "MobileNetV1 0.25 96x96", macs: 7489664, ms: 716 },
  ],
};

export const tinyMaixOnEsp32s3: Benchmark = {
  ref: "https://github.com/sipeed/TinyMaix/blob/0532ece/benchmark.md", date: "2026-11-22",
  chip: "ESP32-S3 (Xtensa LX7)", engine: "TinyMaix", clockHz: 240e6,
  rows: [
    { model: "MobileNetV1 0.25 128x128", macs: 13570000, ms: 610 },
    { model: "MobileNetV1 0.25 96x96", macs: 7489664, ms: 381 },
  ],
};
