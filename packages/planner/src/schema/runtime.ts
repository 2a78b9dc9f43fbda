/**
 * How weights and activations are stored and multiplied.
 *
 *   float32, float16   weights and activations
 *   int8-weights       weights stored in int8, everything computed in float
 *   int8-dynamic       weights in int8, activations quantized while running, by the range each one happens to have
 *   int8               weights and activations in int8, ranges fixed by calibration
 *   int8-symmetric     as int8, with zero point 0 for activations too
 *   int16x8            weights in int8, activations in int16, zero point 0
 *   int4-palette       weights stored as 4-bit indices into a table for each tensor, everything computed in float
 */
export type Precision = (typeof precisions)[number];

export const precisions = ["float32", "float16", "int8-weights", "int8-dynamic", "int8", "int8-symmetric", "int16x8", "int4-palette"] as const;

/** Whether the ranges of activations are fixed beforehand, from calibration data. */
export function needsCalibration(precision: Precision): boolean {
  return precision === "int8" || precision === "int8-symmetric" || precision === "int16x8";
}

/** A runtime as its adapter exports it: plain data. The planner knows targets only through this and facts. */
export interface Runtime {
  readonly id: string;
  readonly version: string;
  readonly summary: string;
  readonly backends: readonly Backend[];
}

export interface Backend {
  readonly id: string;
  /** ComputeUnit kinds and ISAs it runs on; an empty list means any. */
  readonly unitKind: "cpu" | "gpu" | "npu";
  readonly isas: readonly string[];
  readonly precisions: readonly Precision[];
  /**
   * Which arithmetic an accuracy measurement must have used to hold here: equal ids compute equal answers up to the
   * agreement stated in the bundle.
   */
  readonly numerics: string;
  /**
   * Numerics that stand in where its own cannot be run where plans are made (a phone's accelerator): close but not equal,
   * so that an accuracy measured in them counts as "measured-similar" here. Absent: its own are run.
   */
  readonly standIn?: string;
}
