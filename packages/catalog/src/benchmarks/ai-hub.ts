import type { Timings } from "./benchmark.ts";

const page = "https://github.com/quic/ai-hub-models/tree/52c080d245d2d20c634459208ff2548ce10b3c9f/qai_hub_models/models";

/**
 * TensorFlow Lite 2.17 through Qualcomm's delegate on a Galaxy S24, from each model's perf.yaml; all layers on the NPU, float
 * ones in float16. MACs: docs.pytorch.org/vision/stable/models.html, whose "GFLOPS" count multiply-accumulates. Networks of
 * at least 0.3 G: below, the call is all there is.
 */
export const liteRtOn8Gen3NpuFloat: Timings = {
  ref: page, date: "2026-11-23", chip: "Snapdragon 8 Gen 3 (Hexagon NPU)", engine: "TensorFlow Lite, float16",
  rows: [
    { model: "squeezenet1_1", macs: 0.35e9, ms: 0.45 },
    { model: "mobilenet_v2", macs: 0.3e9, ms: 0.593 },
    { model: "efficientnet_b0", macs: 0.39e9, ms: 1.073 },
    { model: "googlenet", macs: 1.5e9, ms: 0.565 },
    { model: "resnet18", macs: 1.81e9, ms: 0.924 },
    { model: "resnet50", macs: 4.09e9, ms: 1.6 },
  ],
};

export const liteRtOn8Gen3NpuInt8: Timings = {
  ref: page, date: "2026-11-23", chip: "Snapdragon 8 Gen 3 (Hexagon NPU)", engine: "TensorFlow Lite, int8",
  rows: [
    { model: "squeezenet1_1", macs: 0.35e9, ms: 0.15 },
    { model: "mobilenet_v2", macs: 0.3e9, ms: 0.289 },
    { model: "googlenet", macs: 1.5e9, ms: 0.187 },
    { model: "resnet18", macs: 1.81e9, ms: 0.293 },
    { model: "resnet50", macs: 4.09e9, ms: 0.576 },
  ],
};

/** Milliseconds of the fastest network on that page: a call into the NPU costs no more. */
export const NPU_CALL_MS = 0.15;
