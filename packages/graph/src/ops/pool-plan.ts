import type { Attrs, Dim } from "../graph.ts";
import { type Fact, OpError } from "../op.ts";
import { elementCount } from "../tensor.ts";
import { threeAxes } from "./patches.ts";
import { type Axis, inferSpatial, kernelOf, windowAxes } from "./window.ts";

/** Taps of the windows of one axis that lie inside the input: for output o, first[o] to before end[o]. */
export interface Taps {
  readonly axis: Axis;
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** Taps that lie inside the input or its declared padding. */
  readonly padded: Int32Array;
}

/** A pool over X [N, C, spatial…], planes of one to three axes read as depth, rows, columns. */
export interface PoolPlan {
  readonly shape: readonly number[];
  readonly planes: number;
  readonly inputPlane: number;
  readonly outputPlane: number;
  readonly taps: readonly [Taps, Taps, Taps];
}

export function planPool(shape: readonly number[], attrs: Attrs): PoolPlan {
  const [batch = 0, channels = 0, ...spatial] = shape;
  requireSpatial(shape);
  const axes = windowAxes(spatial, kernelOf(attrs), attrs);
  const outputDims = axes.map((axis) => axis.output);
  const [depth, rows, columns] = threeAxes(axes);
  return {
    shape: [batch, channels, ...outputDims],
    planes: batch * channels,
    inputPlane: elementCount(spatial),
    outputPlane: elementCount(outputDims),
    taps: [tapsOf(depth), tapsOf(rows), tapsOf(columns)],
  };
}

/** Shape of a pool's result. */
export function inferPool(x: Fact, attrs: Attrs): readonly Dim[] | null {
  if (x.shape === null) return null;
  requireSpatial(x.shape);
  const spatial = inferSpatial(x.shape.slice(2), kernelOf(attrs), attrs);
  return spatial && [...x.shape.slice(0, 2), ...spatial];
}

function requireSpatial(shape: readonly Dim[]): void {
  if (shape.length < 3 || shape.length > 5) throw new OpError("OP_SHAPE", `a pool has 1 to 3 spatial axes, found X [${shape.join(", ")}]`);
}

function tapsOf(axis: Axis): Taps {
  const { input, kernel, stride, dilation, padStart, padEnd, output } = axis;
  const first = new Int32Array(output);
  const end = new Int32Array(output);
  const padded = new Int32Array(output);
  for (let o = 0; o < output; o++) {
    const start = o * stride - padStart;
    first[o] = Math.max(0, Math.ceil(-start / dilation));
    end[o] = Math.min(kernel, Math.floor((input - 1 - start) / dilation) + 1);
    padded[o] = Math.min(kernel, Math.floor((input + padEnd - 1 - start) / dilation) + 1);
  }
  return { axis, first, end, padded };
}
