import type { Benchmark } from "./benchmark.ts";

/** MCUNet's networks on the STM32H743: the slow and the fast end between which portable C lies. MACs as the page states them. */
export const tflmOnH743: Benchmark = {
  ref: "https://github.com/mit-han-lab/tinyengine/blob/47bb283/README.md", date: "2026-11-22",
  chip: "STM32H743 (Cortex-M7)", engine: "TensorFlow Lite Micro, reference kernels", clockHz: 480e6,
  rows: [
    { model: "mcunet-vww0", macs: 6e6, ms: 587 },
    { model: "mcunet-vww1", macs: 1.16e7, ms: 1120 },
    { model: "mcunet-vww2", macs: 5.58e7, ms: 5310 },
    { model: "mcunet-in0", macs: 6.4e6, ms: 586 },
    { model: "mcunet-in1", macs: 1.28e7, ms: 1227 },
    { model: "mcunet-in2", macs: 6.73e7, ms: 6463 },
    { model: "mcunet-in3", macs: 8.18e7, ms: 7821 },
    { model: "proxyless-w0.3-r176", macs: 3.83e7, ms: 3801 },
  ],
};

export const cmsisOnH743: Benchmark = {
  ref: "https://github.com/mit-han-lab/tinyengine/blob/47bb283/README.md", date: "2026-11-22",
  chip: "STM32H743 (Cortex-M7)", engine: "TensorFlow Lite Micro with CMSIS-NN", clockHz: 480e6,
  rows: [
    { model: "mcunet-vww0", macs: 6e6, ms: 53 },
    { model: "mcunet-vww1", macs: 1.16e7, ms: 97 },
    { model: "mcunet-vww2", macs: 5.58e7, ms: 478 },
    { model: "mcunet-in0", macs: 6.4e6, ms: 51 },
    { model: "mcunet-in1", macs: 1.28e7, ms: 103 },
    { model: "mcunet-in2", macs: 6.73e7, ms: 642 },
    { model: "mcunet-in3", macs: 8.18e7, ms: 770 },
    { model: "proxyless-w0.3-r176", macs: 3.83e7, ms: 380 },
  ],
};
