import type { Attrs, Dim } from "../graph.ts";
import { type Fact, OpError, type OpDef } from "../op.ts";
import { allocate, elementCount, type Tensor } from "../tensor.ts";
import { wordAttr } from "./attribute.ts";
import { padInt8 } from "./moves.int8.ts";
import { stridesOf } from "./move.ts";
import { required } from "./operand.ts";
import { axisFrom, knownWholes, wholesOf } from "./parameter.ts";

/**
 * Adds elements around a tensor, or cuts them off.
 *
 *   pads = starts of the axes, then ends; a negative pad cuts; axes left out: all
 *   mode constant: constant_value (0 unless given) · edge: the border · reflect: mirrored at the border, which is not
 *   repeated · wrap: from the other side; the modes read what a negative pad has left
 *
 * data [any], pads int64 [2n], constant_value scalar, axes int [n] → padded. Errors: OP_INPUT, OP_SHAPE for nothing left.
 * Source: onnx.ai/onnx/operators/onnx__Pad.html
 */
export const pad: OpDef = {
  name: "Pad",
  summary: "adds elements around a tensor",
  spec: "https://onnx.ai/onnx/operators/onnx__Pad.html",
  inputs: ["data", "pads", "constant_value?", "axes?"],
  infer(inputs) {
    const x = required(inputs[0], "data");
    return [{ dtype: x.dtype, shape: inferShape(x, required(inputs[1], "pads"), inputs[3] ?? null), elements: null }];
  },
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate,
  evaluateInt8: padInt8(evaluate),
};

/** Elements added before and after one axis. */
interface Border {
  readonly start: number;
  readonly end: number;
}

function evaluate(inputs: readonly (Tensor | null)[], attrs: Attrs): readonly Tensor[] {
  const x = required(inputs[0], "data");
  const sources = padSources(x.shape, { pads: wholesOf(required(inputs[1], "pads")), axes: inputs[3] ? wholesOf(inputs[3]) : null }, attrs);
  const shape = sources.map((source) => source.length);
  const strides = stridesOf(x.shape);
  let positions = Int32Array.of(0);
  for (const [axis, source] of sources.entries()) {
    const next = new Int32Array(positions.length * source.length);
    let at = 0;
    for (const position of positions) {
      for (const step of source) next[at++] = position < 0 || step < 0 ? -1 : position + step * (strides[axis] ?? 1);
    }
    positions = next;
  }
  const data = allocate(x.dtype, elementCount(shape));
  const fill = inputs[2]?.data[0];
  for (let i = 0; i < data.length; i++) {
    const position = positions[i] as number;
    if (position >= 0) data[i] = x.data[position] as never; // same array type
    else if (fill !== undefined) data[i] = fill as never; // constant_value has data's type
  }
  return [{ dtype: x.dtype, shape, data }];
}

/** For each axis, and each position of the result along it, the position that it shows; −1 for the constant. */
export function padSources(shape: readonly number[], { pads, axes }: { readonly pads: readonly number[]; readonly axes: readonly number[] | null }, attrs: Attrs): readonly Int32Array[] {
  const borders = bordersOf(pads, axes, shape.length);
  const mode = wordAttr(attrs, "mode", ["constant", "reflect", "edge", "wrap"]);
  shape.forEach((dim, axis) => paddedDim(dim, borders[axis]));
  return shape.map((dim, axis) => sourcesOf(dim, borders[axis] ?? { start: 0, end: 0 }, mode));
}

function bordersOf(pads: readonly number[], axes: readonly number[] | null, rank: number): readonly Border[] {
  const padded = (axes ?? Array.from({ length: rank }, (_, axis) => axis)).map((axis) => axisFrom(axis, rank));
  if (pads.length !== 2 * padded.length) throw new OpError("OP_INPUT", `${pads.length} pads for ${padded.length} axes`);
  return Array.from({ length: rank }, (_, axis) => {
    const at = padded.indexOf(axis);
    return at < 0 ? { start: 0, end: 0 } : { start: pads[at] ?? 0, end: pads[at + padded.length] ?? 0 };
  });
}

function paddedDim(dim: number, border: Border | undefined): number {
  const padded = dim + (border?.start ?? 0) + (border?.end ?? 0);
  if (padded < 0) throw new OpError("OP_SHAPE", `pads ${border?.start} and ${border?.end} cut more than the dim of ${dim}`);
  return padded;
}

/** For each position of the result along one axis, the position it shows; −1 for the constant. */
function sourcesOf(dim: number, { start, end }: Border, mode: "constant" | "reflect" | "edge" | "wrap"): Int32Array {
  const cutStart = Math.max(0, -start);
  const left = dim - cutStart - Math.max(0, -end);
  const before = Math.max(0, start);
  const length = Math.max(0, left) + before + Math.max(0, end);
  if (left <= 0 && mode !== "constant" && length > 0) throw new OpError("OP_SHAPE", `mode ${mode} has no element to show`);
  return Int32Array.from({ length }, (_, i) => {
    const shown = shownAt(i - before, left, mode);
    return shown < 0 ? -1 : shown + cutStart;
  });
}

function shownAt(position: number, length: number, mode: "constant" | "reflect" | "edge" | "wrap"): number {
  switch (mode) {
    case "constant": return position < 0 || position >= length ? -1 : position;
    case "edge": return Math.min(Math.max(position, 0), length - 1);
    case "wrap": return ((position % length) + length) % length;
    case "reflect": {
      if (length === 1) return 0;
      const period = 2 * (length - 1);
      const within = ((position % period) + period) % period;
      return within < length ? within : period - within;
    }
    default: return mode satisfies never;
  }
}

function inferShape(x: Fact, padsFact: Fact, axesFact: Fact | null): readonly Dim[] | null {
  const pads = knownWholes(padsFact);
  const axes = axesFact ? knownWholes(axesFact) : null;
  if (x.shape === null || pads === null || (axesFact && axes === null)) return null;
  const borders = bordersOf(pads, axes, x.shape.length);
  const dims = x.shape.map((dim, axis) => {
    const border = borders[axis] ?? { start: 0, end: 0 };
    if (typeof dim === "number") return paddedDim(dim, border);
    return border.start + border.end === 0 ? dim : null;
  });
  const known = dims.filter((dim) => dim !== null);
  return known.length === dims.length ? known : null;
}
