import type { DType } from "./dtype.ts";
import type { OpName } from "./op.ts";
import type { Quant } from "./quant.ts";

/** Unique within a graph; the name the user's file gave the value. */
export type ValueId = string;

/** A size, or the name of a size that is bound later ("N"). Never -1. */
export type Dim = number | string;

/**
 * Bytes of a constant: little-endian, row-major, sub-byte types packed low nibble first. A view into the file it
 * came from, shared by every graph derived from that file; passes never copy what they do not change.
 */
export interface Constant {
  readonly bytes: Uint8Array;
}

export interface Value {
  readonly id: ValueId;
  readonly dtype: DType;
  /** Row-major dims; null while no shape rule has decided them. Images are [N, C, H, W]. */
  readonly shape: readonly Dim[] | null;
  readonly quant: Quant | null;
  readonly constant: Constant | null;
}

export type Attr = number | string | readonly number[] | readonly string[];
export type Attrs = Readonly<Record<string, Attr>>;

/** The node as the user wrote it. Nodes made by a fusion carry the origin of the node that did the work. */
export interface Origin {
  readonly file: string;
  readonly node: string;
}

export interface Node {
  readonly op: OpName;
  /** Null where an optional input is left out. */
  readonly inputs: readonly (ValueId | null)[];
  readonly outputs: readonly ValueId[];
  readonly attrs: Attrs;
  readonly origin: Origin;
}

/** Immutable; nodes in topological order; each value has one producer: a node, an input, or its constant. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly nodes: readonly Node[];
  readonly values: ReadonlyMap<ValueId, Value>;
  /** Free-form strings of the file (ONNX metadata_props), for family and licence declarations. */
  readonly metadata: Readonly<Record<string, string>>;
}

export function valueOf(graph: Graph, id: ValueId): Value {
  const value = graph.values.get(id);
  if (value === undefined) throw new Error(`invariant violated: graph ${graph.name} has no value ${id}`);
  return value;
}
