import { type Maker, between, int64s, node, valueOf } from "../build.ts";
import { int32Field } from "../flat.ts";
import type { Operand } from "../operand.ts";
import { stridedSliceOptions as fields, unpackOptions } from "../schema.ts";
import { type Lift, given } from "./lift.ts";
import { otherQuant, reshape } from "./moves.ts";
import { numbersIn } from "./parameter.ts";

/** Past every end, and before every start. */
const FAR: number = 2 ** 31 - 1;

/** SLICE: begin and size an axis, −1 for the rest. Source: TFLite kernels/slice.cc. */
export const liftSlice: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  const [begin, size] = [numbersIn(operator.inputs[1]), numbersIn(operator.inputs[2])];
  const rank = x.shape.length;
  if (begin?.length !== rank || size?.length !== rank || begin.some((start) => start < 0) || size.some((count) => count < -1)) return { why: "begin and size are not constants of one number an axis" };
  const problem = otherQuant(x, y);
  if (problem !== null) return problem;
  const ends = begin.map((start, axis) => size[axis] === -1 ? FAR : start + (size[axis] ?? 0));
  slice(maker, { from: valueOf(maker, x), to: valueOf(maker, y), starts: begin, ends, steps: null });
  return null;
};

/**
 * STRIDED_SLICE: begin, end and step an axis; a mask's bit leaves begin or end out, or drops the axis after taking one element.
 *
 * Source: TFLite kernels/strided_slice.cc.
 */
export const liftStridedSlice: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  const { options } = operator;
  const rank = x.shape.length;
  const [begin, end, steps] = [numbersIn(operator.inputs[1]), numbersIn(operator.inputs[2]), numbersIn(operator.inputs[3])];
  if (begin === null || begin.length > rank || end?.length !== begin.length || steps?.length !== begin.length || steps.includes(0)) return { why: "begin, end and strides are not constants of one number an axis" };
  if (int32Field(options, fields.ellipsisMask) !== 0 || int32Field(options, fields.newAxisMask) !== 0 || int32Field(options, fields.offset) % 256 !== 0) return { why: "its masks add axes, or its ends count from its starts", expected: "begin, end and shrink masks only" };
  const problem = otherQuant(x, y);
  if (problem !== null) return problem;
  const bit = (field: number, axis: number): boolean => ((int32Field(options, field) >> axis) & 1) === 1;
  const shrinks = begin.map((_, axis) => bit(fields.shrinkAxisMask, axis));
  const starts = begin.map((start, axis) => !shrinks[axis] && bit(fields.beginMask, axis) ? ((steps[axis] ?? 1) > 0 ? 0 : FAR) : start);
  const ends = end.map((stop, axis) => {
    if (shrinks[axis]) return begin[axis] === -1 ? FAR : (begin[axis] ?? 0) + 1;
    return bit(fields.endMask, axis) ? ((steps[axis] ?? 1) > 0 ? FAR : -FAR) : stop;
  });
  const taken = steps.map((step, axis) => shrinks[axis] ? 1 : step);
  const shrunk = shrinks.includes(true);
  const cut = shrunk ? between(maker, `${y.id}.cut`, { ...y, shape: null }) : valueOf(maker, y);
  slice(maker, { from: valueOf(maker, x), to: cut, starts, ends, steps: taken.every((step) => step === 1) ? null : taken });
  if (shrunk) reshape(maker, cut, y);
  return null;
};

interface Cut {
  readonly from: string;
  readonly to: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[] | null;
}

function slice(maker: Maker, { from, to, starts, ends, steps }: Cut): void {
  const list = (name: string, values: readonly number[]): string => int64s(maker, `${to}.${name}`, values);
  const axes = steps && starts.map((_, axis) => axis);
  node(maker, "Slice", { inputs: [from, list("starts", starts), list("ends", ends), axes && list("axes", axes), steps && list("steps", steps)], outputs: [to] });
}

/** SPLIT (axis, value), SPLIT_V (value, sizes, axis). Sizes are those of the outputs. Source: TFLite kernels/{split,split_v}.cc. */
export const liftSplit: Lift = (operator, maker) => {
  const sized = operator.name === "SPLIT_V";
  const x = given(operator.inputs[sized ? 0 : 1], "input");
  const [axis] = numbersIn(operator.inputs[sized ? 2 : 0]) ?? [];
  if (axis === undefined || axis < -x.shape.length || axis >= x.shape.length) return { why: "its axis is not a constant within its input's rank" };
  return parts(maker, { x, outputs: operator.outputs, axis: axis < 0 ? axis + x.shape.length : axis, keeps: true });
};

/** UNPACK: one output for each index of an axis, without the axis. Source: TFLite kernels/unpack.cc. */
export const liftUnpack: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const axis = int32Field(operator.options, unpackOptions.axis);
  if (axis < -x.shape.length || axis >= x.shape.length) return { why: "its axis is outside of its input's rank", found: String(axis) };
  return parts(maker, { x, outputs: operator.outputs, axis: axis < 0 ? axis + x.shape.length : axis, keeps: false });
};

interface Parts {
  readonly x: Operand;
  readonly outputs: readonly Operand[];
  readonly axis: number;
  /** Whether the outputs keep the axis. */
  readonly keeps: boolean;
}

function parts(maker: Maker, { x, outputs, axis, keeps }: Parts): ReturnType<Lift> {
  const problem = outputs.map((y) => otherQuant(x, y)).find((each) => each !== null);
  if (problem || outputs.length === 0) return problem ?? { why: "it has no output" };
  const sizes = outputs.map((y) => keeps ? y.shape[axis] ?? 0 : 1);
  const made = outputs.map((y) => keeps ? valueOf(maker, y) : between(maker, `${y.id}.slab`, { ...y, shape: x.shape.with(axis, 1) }));
  node(maker, "Split", { inputs: [valueOf(maker, x), int64s(maker, `${outputs[0]?.id}.split`, sizes)], outputs: made, attrs: { axis } });
  if (!keeps) outputs.forEach((y, i) => reshape(maker, made[i] ?? "", y));
  return null;
}
