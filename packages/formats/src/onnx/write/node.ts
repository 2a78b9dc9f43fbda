import type { Attrs, DType, Dim } from "@edgewise/graph";

/** A node as it stands in the file. Element types in attributes are numbers again. */
export interface FileNode {
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attrs: Attrs;
  /** Element types of the inputs (left-out ones skipped), then of the outputs. */
  readonly dtypes: readonly DType[];
}

export interface FileTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface FilePort {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly Dim[] | null;
}

/** Everything that goes into a file, in the order in which it is written. */
export interface FileGraph {
  readonly name: string;
  readonly nodes: readonly FileNode[];
  readonly tensors: readonly FileTensor[];
  readonly inputs: readonly FilePort[];
  readonly outputs: readonly FilePort[];
}
