import { milDTypes } from "../dtypes.ts";
import { type Lift, type Lifted, type LiftUse, addNumbers, addWholes, boolOf, dtypeOf, given, node, numberOf, numbersOf, rankOf, result, stringOf } from "./lift.ts";

/** reshape → Reshape; a shape that is computed stays so. A 0 in the shape is refused: the two may differ there. */
export const liftReshape: Lift = {
  inputs: ["x", "shape"],
  lift(use) {
    const shape = numbersOf(use, "shape");
    if (shape?.includes(0) === true) return { refused: "its shape holds a 0" };
    if (shape !== null) return [node(use, { op: "Reshape", inputs: [given(use, "x"), addWholes(use, "shape", shape)] })];
    const wide = use.context.fresh(`${result(use)}_shape`);
    return [node(use, { op: "Cast", inputs: [given(use, "shape")], output: wide, attrs: { to: "int64" } }), node(use, { op: "Reshape", inputs: [given(use, "x"), wide] })];
  },
};

export const liftTranspose: Lift = {
  inputs: ["x", "perm"],
  lift: (use) => [node(use, { op: "Transpose", inputs: [given(use, "x")], attrs: { perm: numbersOf(use, "perm") ?? [] } })],
};

export const liftSqueeze: Lift = { inputs: ["x", "axes?"], lift: (use) => axesMoved(use, "Squeeze") };

export const liftExpandDims: Lift = { inputs: ["x", "axes"], lift: (use) => axesMoved(use, "Unsqueeze") };

function axesMoved(use: LiftUse, op: "Squeeze" | "Unsqueeze"): Lifted {
  const axes = numbersOf(use, "axes");
  return [node(use, { op, inputs: [given(use, "x"), axes === null ? null : addWholes(use, "axes", axes)] })];
}

export const liftConcat: Lift = {
  inputs: ["values", "axis", "interleave?"],
  lift: (use) => boolOf(use, "interleave", false) ? { refused: "it interleaves" } : [node(use, { op: "Concat", inputs: use.context.tuple("values"), attrs: { axis: numberOf(use, "axis", 0) } })],
};

/** split → Split; without sizes, as many equal parts as there are results. */
export const liftSplit: Lift = {
  inputs: ["x", "num_splits?", "split_sizes?", "axis"],
  lift(use) {
    const sizes = numbersOf(use, "split_sizes");
    const outputs = use.operation.outputs.map(({ name }) => name);
    const one = node(use, { op: "Split", inputs: [given(use, "x"), sizes === null ? null : addWholes(use, "sizes", sizes)], attrs: { axis: numberOf(use, "axis", 0) } });
    return [{ ...one, outputs }];
  },
};

/** slice_by_index → Slice, and Squeeze where an index takes one element; a mask stands for the border. */
export const liftSliceByIndex: Lift = {
  inputs: ["x", "begin", "end", "stride?", "begin_mask?", "end_mask?", "squeeze_mask?"],
  lift(use) {
    const x = given(use, "x");
    const [begin, end] = [numbersOf(use, "begin"), numbersOf(use, "end")];
    if (begin === null || end === null || begin.length !== end.length) return { refused: "its range is computed" };
    const steps = numbersOf(use, "stride") ?? begin.map(() => 1);
    const [fromBorder, toBorder, squeezed] = ["begin_mask", "end_mask", "squeeze_mask"].map((input) => numbersOf(use, input) ?? []);
    const edge = 2 ** 31 - 1;
    const starts = begin.map((start, axis) => fromBorder?.[axis] === 1 ? ((steps[axis] ?? 1) > 0 ? 0 : edge) : start);
    const ends = end.map((stop, axis) => squeezed?.[axis] === 1 ? (start(starts, axis) === -1 ? edge : start(starts, axis) + 1) : toBorder?.[axis] === 1 ? ((steps[axis] ?? 1) > 0 ? edge : -edge) : stop);
    const gone = begin.flatMap((_, axis) => squeezed?.[axis] === 1 ? [axis] : []);
    const sliced = gone.length === 0 ? result(use) : use.context.fresh(`${result(use)}_range`);
    const inputs = [x, addWholes(use, "starts", starts), addWholes(use, "ends", ends), addWholes(use, "axes", begin.map((_, axis) => axis)), addWholes(use, "steps", steps)];
    const slice = node(use, { op: "Slice", inputs, output: sliced });
    return gone.length === 0 ? [slice] : [slice, node(use, { op: "Squeeze", inputs: [sliced, addWholes(use, "squeezed", gone)] })];
  },
};

function start(starts: readonly number[], axis: number): number {
  return starts[axis] ?? 0;
}

/** slice_by_size → Slice; a size of −1 takes all that follows. */
export const liftSliceBySize: Lift = {
  inputs: ["x", "begin", "size"],
  lift(use) {
    const [begin, size] = [numbersOf(use, "begin"), numbersOf(use, "size")];
    if (begin === null || size === null || begin.some((from) => from < 0)) return { refused: "its range is computed, or counts from the back" };
    const ends = begin.map((from, axis) => size[axis] === -1 ? 2 ** 31 - 1 : from + (size[axis] ?? 0));
    return [node(use, { op: "Slice", inputs: [given(use, "x"), addWholes(use, "starts", begin), addWholes(use, "ends", ends), addWholes(use, "axes", begin.map((_, axis) => axis))] })];
  },
};

const modes: Readonly<Record<string, string>> = { constant: "constant", reflect: "reflect", replicate: "edge" };

/** pad → Pad; fewer pads than axes mean the last axes. */
export const liftPad: Lift = {
  inputs: ["x", "pad", "mode?", "constant_val?"],
  lift(use) {
    const x = given(use, "x");
    const list = numbersOf(use, "pad");
    const mode = modes[stringOf(use, "mode") ?? "constant"];
    if (list === null || mode === undefined) return { refused: "its pads are computed, or its mode is not known" };
    const rank = rankOf(use, x);
    const before = Array.from({ length: rank - list.length / 2 }, () => 0);
    const [starts, ends] = [0, 1].map((side) => [...before, ...list.filter((_, index) => index % 2 === side)]);
    const pads = addWholes(use, "pads", [...(starts ?? []), ...(ends ?? [])]);
    const fill = numberOf(use, "constant_val", 0);
    const dtype = dtypeOf(use, x);
    const value = mode !== "constant" || fill === 0 ? null : addNumbers(use, "fill", { dtype, shape: [], numbers: [fill] });
    return [node(use, { op: "Pad", inputs: [x, pads, value], attrs: mode === "constant" ? {} : { mode } })];
  },
};

export const liftGather: Lift = {
  inputs: ["x", "indices", "axis?", "batch_dims?", "validate_indices?"],
  lift(use) {
    if (numberOf(use, "batch_dims", 0) !== 0) return { refused: "its batch_dims are not 0" };
    return [node(use, { op: "Gather", inputs: [given(use, "x"), given(use, "indices")], attrs: { axis: numberOf(use, "axis", 0) } })];
  },
};

/** cast → Cast to the type that its result is declared with. */
export const liftCast: Lift = {
  inputs: ["x", "dtype"],
  lift(use) {
    const name = stringOf(use, "dtype");
    const declared = use.context.type(result(use))?.dtype;
    const to = declared === undefined ? null : milDTypes[declared].ir;
    if (to === null || name !== declared) return { refused: `it casts to ${name ?? "nothing"}, and its result is ${declared ?? "no tensor"}` };
    return [node(use, { op: "Cast", inputs: [given(use, "x")], attrs: { to } })];
  },
};

/** shape → Shape; its numbers are int32 here. */
export const liftShape: Lift = {
  inputs: ["x"],
  lift(use) {
    const wide = use.context.fresh(`${result(use)}_int64`);
    return [node(use, { op: "Shape", inputs: [given(use, "x")], output: wide }), node(use, { op: "Cast", inputs: [wide], attrs: { to: "int32" } })];
  },
};
