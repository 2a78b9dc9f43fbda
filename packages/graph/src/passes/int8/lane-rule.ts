import { type Graph, type Node, type ValueId, valueOf } from "../../graph.ts";
import type { Int8Linear } from "./linear.ts";
import { type FixedValue, type Lanes, anyLanes, constantLanes, hasLanes, hull } from "./lanes.ts";

/** Lanes of an operand that stand and fall with lanes of the result: pair i ties `from[i]` to `to[i]`. */
export interface Link {
  readonly input: ValueId;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** A constant operand that is cut along `axis` when lanes of the result go. */
export interface CutOperand {
  readonly position: number;
  readonly axis: number;
}

/** What a node does to lanes. */
export interface NodeLanes {
  /** What the lanes of its result can hold. */
  readonly lanes: Lanes;
  readonly links: readonly Link[];
  readonly cuts: readonly CutOperand[];
  /** The sums that the node computes; one with a single group takes in lanes of its input by itself, without links. */
  readonly linear: Int8Linear | null;
}

export interface LaneContext {
  readonly graph: Graph;
  readonly node: Node;
  /** The result: int8, of fixed shape. */
  readonly output: FixedValue;
  readonly lanesOf: (id: ValueId) => Lanes | null;
}

/** Null where lanes of the result cannot be told apart or taken out: everything around the node stays. */
export type LaneRule = (context: LaneContext) => NodeLanes | null;

export interface Operand {
  readonly value: FixedValue;
  readonly lanes: Lanes;
}

/** An operand that is computed and has lanes; null for others. */
export function operandAt({ graph, node, lanesOf }: LaneContext, position: number): Operand | null {
  const id = node.inputs[position] ?? null;
  const value = id === null ? null : valueOf(graph, id);
  if (value === null || value.constant || !hasLanes(value)) return null;
  return { value, lanes: lanesOf(value.id) ?? anyLanes(value.shape) };
}

/** Lanes of any operand along an axis; where its own lanes run elsewhere, all that it can hold. */
export function lanesAlong(value: FixedValue, { axis, own }: { readonly axis: number; readonly own: Lanes | null }): Lanes {
  if (value.constant) return constantLanes(value, axis);
  const lanes = own ?? anyLanes(value.shape);
  if (lanes.axis === axis) return lanes;
  const all = hull(lanes);
  const count = value.shape[axis] ?? 1;
  return { axis, low: new Int8Array(count).fill(all.low), high: new Int8Array(count).fill(all.high) };
}

/** Ties each lane of an operand to the same lane of the result. */
export function sameLanes(input: ValueId, count: number): Link {
  const all = Int32Array.from({ length: count }, (_, lane) => lane);
  return { input, from: all, to: all };
}
