export { type CalibrateInput, type Calibration, type Sample, calibrate } from "./calibrate.ts";
export type { Method } from "./choose-range.ts";
export { interpreterRunner } from "./interpreter-runner.ts";
export { type QuantizeOptions, quantizeGraph } from "./quantize-graph.ts";
export { type Range, type Ranges, structuralRanges } from "./ranges.ts";
export type { Runner } from "./runner.ts";
export { toFloat16 } from "./to-float16.ts";
export { weightOnly } from "./weight-only.ts";
