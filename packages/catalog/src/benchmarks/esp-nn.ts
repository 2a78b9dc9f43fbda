import type { Benchmark } from "./benchmark.ts";

/** Espressif's person detection with plain C kernels. MACs: the grayscale MobileNetV1 0.25 at 96 pixels. */
export const tflmOnEsp32s3: Benchmark = {
  ref: "https://github.com/espressif/esp-nn/blob/d45b843/README.md", date: "2026-11-22",
  chip: "ESP32-S3 (Xtensa LX7)", engine: "TensorFlow Lite Micro, reference kernels", clockHz: 240e6,
  rows: [
    { model: "person detection, MobileNetV1 0.25 96x96x1", macs: 7.16e6, ms: 2300 },
  ],
};
