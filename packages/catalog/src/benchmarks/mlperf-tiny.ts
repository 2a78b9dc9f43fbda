import type { Benchmark } from "./benchmark.ts";

/** MLPerf Tiny's four reference networks on the NUCLEO-L4R5ZI with two engines that no vendor tuned for the chip. MACs: counted in the reference .tflite files. */
export const tflmOnL4r5: Benchmark = {
  ref: "https://github.com/mlcommons/tiny_results_v0.5/tree/main/closed/reference", date: "2026-11-22",
  chip: "STM32L4R5ZIT6 (Cortex-M4F)", engine: "TensorFlow Lite Micro 2.3", clockHz: 120e6,
  rows: [
    { model: "autoencoder (ad)", macs: 264192, ms: 10.0516, uj: 416.312 },
    { model: "ResNet8 (ic)", macs: 12501632, ms: 704.225, uj: 29207 },
    { model: "DS-CNN (kws)", macs: 2656768, ms: 181.917, uj: 7373.7 },
    { model: "MobileNetV1 0.25 96x96 (vww)", macs: 7489664, ms: 600.601, uj: 24312.6 },
  ],
};

export const microTvmOnL4r5: Benchmark = {
  ref: "https://github.com/mlcommons/tiny_results_v1.0/tree/main/closed/OctoML", date: "2026-11-22",
  chip: "STM32L4R5ZIT6U (Cortex-M4F)", engine: "microTVM, native schedules", clockHz: 120e6,
  rows: [
    { model: "autoencoder (ad)", macs: 264192, ms: 11.718, uj: 633.734 },
    { model: "ResNet8 (ic)", macs: 12501632, ms: 389.257, uj: 21342.3 },
    { model: "DS-CNN (kws)", macs: 2656768, ms: 144.03, uj: 7950.51 },
    { model: "MobileNetV1 0.25 96x96 (vww)", macs: 7489664, ms: 336.587, uj: 17131.6 },
  ],
};

/** The vendor's own engine: for its energies. */
export const cubeOnL4r5: Benchmark = {
  ref: "https://github.com/mlcommons/tiny_results_v1.2/tree/main/closed/STMicroelectronics", date: "2026-11-22",
  chip: "STM32L4R5ZIT6U (Cortex-M4F)", engine: "X-CUBE-AI 9.0", clockHz: 120e6,
  rows: [
    { model: "autoencoder (ad)", macs: 264192, ms: 5.26078, uj: 203.368 },
    { model: "ResNet8 (ic)", macs: 12501632, ms: 165.125, uj: 6919.38 },
    { model: "DS-CNN (kws)", macs: 2656768, ms: 43.1872, uj: 1820.45 },
    { model: "MobileNetV1 0.25 96x96 (vww)", macs: 7489664, ms: 88.9284, uj: 3894.57 },
  ],
};

/** The same board measured elsewhere, at more power. */
export const cubeOnL4r5ByKrai: Benchmark = {
  ref: "https://github.com/mlcommons/tiny_results_v1.1/tree/main/closed/Krai", date: "2026-11-22",
  chip: "STM32L4R5ZIT6U (Cortex-M4F)", engine: "X-CUBE-AI 8.0.0", clockHz: 120e6,
  rows: [
    { model: "autoencoder (ad)", macs: 264192, ms: 7.57863, uj: 528.881 },
    { model: "ResNet8 (ic)", macs: 12501632, ms: 221.976, uj: 17315.1 },
    { model: "DS-CNN (kws)", macs: 2656768, ms: 72.6797, uj: 5481.63 },
    { model: "MobileNetV1 0.25 96x96 (vww)", macs: 7489664, ms: 221.141, uj: 16573.1 },
  ],
};
