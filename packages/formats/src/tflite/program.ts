import type { Attrs, Origin, Quant } from "@edgewise/graph";

/** Enum TensorType of the public schema, as far as it is written. */
export type TensorType = "FLOAT32" | "FLOAT16" | "INT32" | "UINT8" | "INT64" | "BOOL" | "INT16" | "INT8";

/** A tensor as TensorFlow Lite stores it: its own layout (pictures are [N, H, W, C]), row-major, little-endian. */
export interface ProgramTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** `axis` counts in this tensor's own layout. */
  readonly quant: Quant | null;
  /** Contents of a constant; null for what is computed or fed. */
  readonly data: Uint8Array | null;
}

export interface ProgramOperator {
  /** Enum BuiltinOperator. */
  readonly op: string;
  /** Lowest version whose definition covers this use. */
  readonly version: number;
  /** Indices into `tensors`; −1 where an optional input is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /**
   * Fields of the operator's options table by name, as the public schema spells them; enums by name, booleans as 0 and 1;
   * absent fields keep their default.
   */
  readonly options: Attrs;
  readonly origin: Origin;
}

/** What a TensorFlow Lite file says, as plain data: one subgraph, operators in order of execution. */
export interface TfliteProgram {
  readonly name: string;
  readonly tensors: readonly ProgramTensor[];
  readonly operators: readonly ProgramOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}
