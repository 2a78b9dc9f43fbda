import type { Attrs } from "../graph.ts";
import { OpError } from "../op.ts";
import { type Axis, windowAxes } from "../ops/window.ts";

export type { Axis } from "../ops/window.ts";

/** Windows of a convolution or pool in rows and columns. One spatial axis is read as one row; three are refused. */
export interface Window {
  readonly rows: Axis;
  readonly columns: Axis;
  /** Spatial dims of the result as the op states them: one or two. */
  readonly outputDims: readonly number[];
}

export function windowOf(spatial: readonly number[], kernel: readonly number[], attrs: Attrs): Window {
  const rank = spatial.length;
  if (rank < 1 || rank > 2) throw new OpError("OP_SHAPE", `int8 windows have 1 or 2 spatial axes, found ${rank}`);
  const axes = windowAxes(spatial, kernel, attrs);
  const columns = axes[rank - 1];
  if (!columns) throw new OpError("OP_SHAPE", "no spatial axis");
  const rows = rank === 2 && axes[0] ? axes[0] : { input: 1, kernel: 1, stride: 1, dilation: 1, padStart: 0, padEnd: 0, output: 1 };
  return { rows, columns, outputDims: axes.map((axis) => axis.output) };
}
