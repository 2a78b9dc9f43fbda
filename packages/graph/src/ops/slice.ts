import type { Dim } from "../graph.ts";
import { type Fact, OpError, type OpDef } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { movedElements } from "./known-elements.ts";
import { gathered, stridesOf } from "./move.ts";
import { movedInt8 } from "./moves.int8.ts";
import { required } from "./operand.ts";
import { axisFrom, knownWholes, wholesOf } from "./parameter.ts";

/**
 * Takes ranges along axes.
 *
 *   from start to before end in steps; negative positions count from the back; positions outside are moved to the border
 *   a negative step runs backwards; axes left out: 0, 1, …; steps left out: 1
 *
 * data [any], starts, ends, axes, steps int [n] → sliced. Errors: OP_INPUT for a step of 0 or lists of different length.
 * Source: onnx.ai/onnx/operators/onnx__Slice.html
 */
export const slice: OpDef = {
  name: "Slice",
  summary: "takes ranges along axes",
  spec: "https://onnx.ai/onnx/operators/onnx__Slice.html",
  inputs: ["data", "starts", "ends", "axes?", "steps?"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "data");
    const shape = inferShape(x, inputs.slice(1));
    const elements = shape && movedElements({ evaluate, inputs, attrs, outputCount: 1, moves: (position) => position === 0 });
    return [{ dtype: x.dtype, shape, elements: elements?.[0] ?? null }];
  },
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate,
  evaluateInt8: movedInt8(evaluate),
};

function evaluate(inputs: readonly (Tensor | null)[]): readonly Tensor[] {
  const x = required(inputs[0], "data");
  const list = (position: number): readonly number[] | null => (inputs[position] ? wholesOf(inputs[position]) : null);
  const cuts = cutsOf({ starts: required(list(1), "starts"), ends: required(list(2), "ends"), axes: list(3), steps: list(4) }, x.shape.length);
  const own = stridesOf(x.shape);
  const shape = [...x.shape];
  const strides = [...own];
  let offset = 0;
  for (const { axis, ...cut } of cuts) {
    const range = rangeOf(cut, x.shape[axis] ?? 0);
    shape[axis] = range.count;
    strides[axis] = range.step * (own[axis] ?? 1);
    offset += range.start * (own[axis] ?? 1);
  }
  return [gathered(x, { shape, strides, offset })];
}

interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

interface Lists {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: readonly number[] | null;
  readonly steps: readonly number[] | null;
}

function cutsOf({ starts, ends, axes, steps }: Lists, rank: number): readonly Cut[] {
  const lengths = [starts, ends, axes ?? starts, steps ?? starts].map((list) => list.length);
  if (lengths.some((length) => length !== starts.length)) throw new OpError("OP_INPUT", `starts, ends, axes and steps have ${lengths.join(", ")} numbers`);
  return starts.map((start, i) => {
    const step = steps?.[i] ?? 1;
    if (step === 0) throw new OpError("OP_INPUT", "a step of 0");
    return { axis: axisFrom(axes?.[i] ?? i, rank), start, end: ends[i] ?? 0, step };
  });
}

function rangeOf({ start, end, step }: Omit<Cut, "axis">, dim: number): { readonly start: number; readonly count: number; readonly step: number } {
  const fromFront = (position: number): number => (position < 0 ? position + dim : position);
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? dim : dim - 1;
  const first = Math.min(Math.max(fromFront(start), Math.max(low, 0)), high);
  const last = Math.min(Math.max(fromFront(end), low), high);
  return { start: first, count: Math.max(0, Math.ceil((last - first) / step)), step };
}

function inferShape(x: Fact, [startsFact, endsFact, axesFact, stepsFact]: readonly (Fact | null)[]): readonly Dim[] | null {
  const starts = knownWholes(required(startsFact, "starts"));
  const ends = knownWholes(required(endsFact, "ends"));
  const axes = axesFact ? knownWholes(axesFact) : null;
  const steps = stepsFact ? knownWholes(stepsFact) : null;
  if (x.shape === null || !starts || !ends || (axesFact && !axes) || (stepsFact && !steps)) return null;
  const shape = [...x.shape];
  for (const { axis, ...cut } of cutsOf({ starts, ends, axes, steps }, shape.length)) {
    const dim = shape[axis] ?? 0;
    if (typeof dim === "number") shape[axis] = rangeOf(cut, dim).count;
    else if (!isWhole(cut)) return null;
  }
  return shape;
}

/** Whether a cut takes all of a dim whose size is not known: exporters write the largest integer for "to the end". */
function isWhole({ start, end, step }: Omit<Cut, "axis">): boolean {
  const LARGEST_INT32 = 2 ** 31 - 1;
  return start === 0 && step === 1 && end >= LARGEST_INT32;
}
