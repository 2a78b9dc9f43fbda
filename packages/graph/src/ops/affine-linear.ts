import type { Attrs } from "../graph.ts";
import { OpError } from "../op.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { wholeAttr } from "./attribute.ts";
import { axisFrom } from "./parameter.ts";

/**
 * Which scale belongs to which element of X, for QuantizeLinear and DequantizeLinear.
 *
 *   scalar scale (or one number)    per tensor
 *   scale [D(axis)]                 per axis; axis 1 unless given
 *   scale with X's rank             blocked: block_size elements along axis share a scale; without block_size: X's shape
 *
 * Element i of X has the scale at `position(i)`. Errors: OP_SHAPE, OP_ATTRIBUTE.
 */
export function scalePositions(x: readonly number[], scale: readonly number[], attrs: Attrs): (i: number) => number {
  if (elementCount(scale) === 1 && scale.length <= 1) return () => 0;
  const axis = axisFrom(wholeAttr(attrs, "axis", 1), x.length);
  const inner = elementCount(x.slice(axis + 1));
  const dim = x[axis] ?? 1;
  if (scale.length === 1 && scale[0] === dim) return (i) => Math.floor(i / inner) % dim;
  const blocks = scale[axis] ?? 0;
  const block = wholeAttr(attrs, "block_size", 0) || Math.ceil(dim / blocks);
  const fits = scale.length === x.length && scale.every((each, i) => (i === axis ? each === Math.ceil(dim / block) : each === x[i]));
  if (!fits) throw new OpError("OP_SHAPE", `scales [${scale.join(", ")}] do not fit X [${x.join(", ")}] along axis ${axis}`);
  return (i) => {
    const line = Math.floor(i / inner);
    return (Math.floor(line / dim) * blocks + Math.floor((line % dim) / block)) * inner + (i % inner);
  };
}

/** Zero points must have the scales' shape. */
export function requireZeroPoints(zeroPoint: Tensor | null, scale: Tensor): void {
  if (zeroPoint && zeroPoint.data.length !== scale.data.length) {
    throw new OpError("OP_SHAPE", `${zeroPoint.data.length} zero points for ${scale.data.length} scales`);
  }
}
