import type { Dim, Value } from "../../graph.ts";
import { decodeConstant } from "../../tensor-codec.ts";

/**
 * The smallest and largest stored number that each channel of an int8 value can hold, over all inputs of the graph.
 *
 * A lane is an index of `axis`: a channel of an image, a number of a vector. A lane with low = high is a constant.
 */
export interface Lanes {
  readonly axis: number;
  readonly low: Int8Array;
  readonly high: Int8Array;
}

/** A value whose dims are all numbers. */
export interface FixedValue extends Value {
  readonly shape: readonly number[];
}

/** An int8 value of fixed shape with one scale; only these have lanes. */
export function hasLanes(value: Value): value is FixedValue {
  return value.dtype === "int8" && value.quant?.axis === null && value.shape !== null && value.shape.length > 0
    && value.shape.every((dim: Dim) => typeof dim === "number" && dim > 0);
}

/** All of int8 in each lane along axis 1, or the only axis. */
export function anyLanes(shape: readonly number[]): Lanes {
  return fullLanes(shape, shape.length > 1 ? 1 : 0);
}

export function fullLanes(shape: readonly number[], axis: number): Lanes {
  const count = shape[axis] ?? 1;
  return { axis, low: new Int8Array(count).fill(-128), high: new Int8Array(count).fill(127) };
}

/** The one lane that covers all lanes. */
export function hull({ low, high }: Lanes): { readonly low: number; readonly high: number } {
  return { low: low.reduce((a, b) => Math.min(a, b), 127), high: high.reduce((a, b) => Math.max(a, b), -128) };
}

/** Lanes of a constant along an axis. */
export function constantLanes(value: FixedValue, axis: number): Lanes {
  const count = value.shape[axis] ?? 1;
  const inner = value.shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const low = new Int8Array(count).fill(127);
  const high = new Int8Array(count).fill(-128);
  const { data } = decodeConstant(value);
  for (let i = 0; i < data.length; i++) {
    const lane = Math.floor(i / inner) % count;
    const stored = Number(data[i]);
    low[lane] = Math.min(low[lane] ?? 0, stored);
    high[lane] = Math.max(high[lane] ?? 0, stored);
  }
  return { axis, low, high };
}
