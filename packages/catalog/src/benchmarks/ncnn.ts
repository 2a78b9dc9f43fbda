import type { Benchmark } from "./benchmark.ts";

/** ncnn's own benchmark, fastest of its loops. MACs: counted from its .param files. Its float rows compute in fp16 where the chip can. */
export const ncnnOnPi5Float: Benchmark = {
  ref: "https://github.com/Tencent/ncnn/blob/master/benchmark/README.md", date: "2026-11-22",
  chip: "BCM2712 (4 x Cortex-A76)", engine: "ncnn, float, 4 threads", clockHz: 2.4e9,
  rows: [
    { model: "squeezenet", macs: 418.47e6, ms: 6.74 },
    { model: "mobilenet", macs: 568.74e6, ms: 9 },
    { model: "mobilenet_v2", macs: 313.62e6, ms: 10.46 },
    { model: "mnasnet", macs: 314.42e6, ms: 6.83 },
    { model: "efficientnet_b0", macs: 385.81e6, ms: 12.28 },
    { model: "resnet18", macs: 1826.92e6, ms: 19.84 },
    { model: "resnet50", macs: 3857.97e6, ms: 45.94 },
  ],
};

export const ncnnOnPi5Int8: Benchmark = {
  ref: "https://github.com/Tencent/ncnn/blob/master/benchmark/README.md", date: "2026-11-22",
  chip: "BCM2712 (4 x Cortex-A76)", engine: "ncnn, int8, 4 threads", clockHz: 2.4e9,
  rows: [
    { model: "squeezenet_int8", macs: 418.47e6, ms: 6.97 },
    { model: "mobilenet_int8", macs: 568.74e6, ms: 8.68 },
    { model: "vgg16_int8", macs: 15470.3e6, ms: 106.39 },
    { model: "resnet50_int8", macs: 3857.97e6, ms: 40.16 },
  ],
};

export const ncnnOnCortexA76Float: Benchmark = {
  ref: "https://github.com/Tencent/ncnn/blob/master/benchmark/README.md", date: "2026-11-22",
  chip: "BCM2712 (1 of 4 Cortex-A76)", engine: "ncnn, float, 1 thread", clockHz: 2.4e9,
  rows: [
    { model: "squeezenet", macs: 418.47e6, ms: 11.77 },
    { model: "mobilenet", macs: 568.74e6, ms: 20.24 },
    { model: "mobilenet_v2", macs: 313.62e6, ms: 16.21 },
    { model: "mnasnet", macs: 314.42e6, ms: 12.93 },
    { model: "efficientnet_b0", macs: 385.81e6, ms: 24.12 },
    { model: "resnet18", macs: 1826.92e6, ms: 29.54 },
    { model: "resnet50", macs: 3857.97e6, ms: 89.04 },
  ],
};

export const ncnnOnCortexA76Int8: Benchmark = {
  ref: "https://github.com/Tencent/ncnn/blob/master/benchmark/README.md", date: "2026-11-22",
  chip: "BCM2712 (1 of 4 Cortex-A76)", engine: "ncnn, int8, 1 thread", clockHz: 2.4e9,
  rows: [
    { model: "squeezenet_int8", macs: 418.47e6, ms: 11.67 },
    { model: "mobilenet_int8", macs: 568.74e6, ms: 14.38 },
    { model: "vgg16_int8", macs: 15470.3e6, ms: 272.27 },
    { model: "resnet50_int8", macs: 3857.97e6, ms: 80 },
  ],
};

export const ncnnOn8Gen2Float: Benchmark = {
  ref: "https://github.com/Tencent/ncnn/blob/master/benchmark/README.md", date: "2026-11-22",
  chip: "Snapdragon 8 Gen 2 (Cortex-X3 and 3 big cores)", engine: "ncnn, float, 4 threads", clockHz: 3.2e9,
  rows: [
    { model: "squeezenet", macs: 418.47e6, ms: 2.6 },
    { model: "mobilenet", macs: 568.74e6, ms: 4.17 },
    { model: "mobilenet_v2", macs: 313.62e6, ms: 3.13 },
    { model: "mnasnet", macs: 314.42e6, ms: 3.19 },
    { model: "efficientnet_b0", macs: 385.81e6, ms: 5.72 },
    { model: "resnet18", macs: 1826.92e6, ms: 6.61 },
    { model: "resnet50", macs: 3857.97e6, ms: 18.9 },
  ],
};

export const ncnnOn8Gen2Int8: Benchmark = {
  ref: "https://github.com/Tencent/ncnn/blob/master/benchmark/README.md", date: "2026-11-22",
  chip: "Snapdragon 8 Gen 2 (Cortex-X3 and 3 big cores)", engine: "ncnn, int8, 4 threads", clockHz: 3.2e9,
  rows: [
    { model: "squeezenet_int8", macs: 418.47e6, ms: 2.38 },
    { model: "mobilenet_int8", macs: 568.74e6, ms: 2.59 },
    { model: "vgg16_int8", macs: 15470.3e6, ms: 86.21 },
    { model: "resnet50_int8", macs: 3857.97e6, ms: 19.18 },
  ],
};
