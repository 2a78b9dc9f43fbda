/** How weights and activations are stored and multiplied. */
export type Precision = "float32" | "float16" | "int8-weights" | "int8";

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
}
