import type { Attrs, Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { wholeAttr } from "./attribute.ts";
import { movedElements } from "./known-elements.ts";
import { gathered, stridesOf } from "./move.ts";
import { movedInt8 } from "./moves.int8.ts";
import { required } from "./operand.ts";
import { axisFrom, knownWholes, wholesOf } from "./parameter.ts";

/**
 * Cuts a tensor into parts along an axis.
 *
 *   part sizes: the input `split`; else num_outputs (or as many as there are outputs) parts of ceil(dim / parts), the last
 *   one smaller; axis 0 unless given
 *
 * input [any], split int64 → parts. Errors: OP_SHAPE when the sizes do not add up to the dim.
 * Source: onnx.ai/onnx/operators/onnx__Split.html
 */
export const split: OpDef = {
  name: "Split",
  summary: "cuts a tensor into parts along an axis",
  spec: "https://onnx.ai/onnx/operators/onnx__Split.html",
  inputs: ["input", "split?"],
  infer(inputs, attrs, outputCount) {
    const x = required(inputs[0], "input");
    const shapes = inferShapes({ shape: x.shape, given: inputs[1] ? knownWholes(inputs[1]) : undefined, attrs, outputCount });
    const elements = shapes && movedElements({ evaluate, inputs, attrs, outputCount, moves: (position) => position === 0 });
    return Array.from({ length: outputCount }, (_, i) => ({ dtype: x.dtype, shape: shapes?.[i] ?? null, elements: elements?.[i] ?? null }));
  },
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate,
  evaluateInt8: movedInt8(evaluate),
};

function evaluate(inputs: Parameters<OpDef["evaluate"]>[0], attrs: Attrs, outputCount: number): ReturnType<OpDef["evaluate"]> {
  const x = required(inputs[0], "input");
  const axis = axisFrom(wholeAttr(attrs, "axis", 0), x.shape.length);
  const sizes = inputs[1] ? wholesOf(inputs[1]) : equalParts(x.shape[axis] ?? 0, wholeAttr(attrs, "num_outputs", outputCount));
  requireParts(sizes, x.shape[axis] ?? 0, outputCount);
  const strides = stridesOf(x.shape);
  let start = 0;
  return sizes.map((size) => {
    const part = gathered(x, { shape: x.shape.with(axis, size), strides, offset: start * (strides[axis] ?? 1) });
    start += size;
    return part;
  });
}

interface Splitting {
  readonly shape: readonly Dim[] | null;
  /** Sizes of the parts; null when not known before running, undefined when left out. */
  readonly given: readonly number[] | null | undefined;
  readonly attrs: Attrs;
  readonly outputCount: number;
}

function inferShapes({ shape, given, attrs, outputCount }: Splitting): readonly (readonly Dim[])[] | null {
  if (shape === null || given === null) return null;
  const axis = axisFrom(wholeAttr(attrs, "axis", 0), shape.length);
  const dim = shape[axis] ?? 0;
  if (given === undefined && typeof dim === "string") return outputCount === 1 ? [shape] : null;
  const sizes = given ?? equalParts(Number(dim), wholeAttr(attrs, "num_outputs", outputCount));
  if (typeof dim === "number") requireParts(sizes, dim, outputCount);
  return sizes.map((size) => shape.with(axis, size));
}

function equalParts(dim: number, parts: number): readonly number[] {
  const size = Math.ceil(dim / parts);
  return Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(size, dim - i * size)));
}

function requireParts(sizes: readonly number[], dim: number, outputCount: number): void {
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (sizes.length !== outputCount || sum !== dim || sizes.some((size) => size < 0)) {
    throw new OpError("OP_SHAPE", `parts of ${sizes.join(", ")} do not make ${outputCount} outputs of a dim of ${dim}`);
  }
}
