import type { Attrs } from "../graph.ts";
import { int16Data } from "../int16/stored.ts";
import { int8Data, operandOf, outputQuant, requireSameQuant } from "../int8/operands.ts";
import { roundAway } from "../int8/fixed-point.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";
import { picked } from "./move.ts";
import { type ResizeAxis, type ResizeForm, axesOf, isExact, nearestElements, resizeForm } from "./resize-axis.ts";

/**
 * int8 resize of a picture, on stored numbers; input and result have one scale and zero point.
 *
 *   nearest  y[o] = x[k(o)]: asymmetric with floor, align_corners with round_prefer_ceil and half_pixel with
 *            round_prefer_ceil in float32 as TFLite (below); every other pair of modes as the float op
 *   linear   10-bit weights per axis, 20 bits of fraction in all, then one rounding, ties away from zero (below)
 *
 * x [N, C, (H,) W] int8 → y [N, C, (H',) W']. Errors: OP_ATTRIBUTE for scales that are not size / size (TFLite knows sizes
 * only), OP_SHAPE for a resized batch or channel axis, for three spatial axes, and for linear steps that leave the input.
 * Source: TFLite kernels/internal/reference/{resize_bilinear,resize_nearest_neighbor}.h (ResizeBilinearInteger).
 */
export function resizeInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  return [resized(inputs, { output: outputQuant(outputs), attrs, data: int8Data(inputs[0], "X") })];
}

/** The same arithmetic on int16 numbers. */
export function resizeInt16(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  return [resized(inputs, { output: outputQuant(outputs), attrs, data: int16Data(inputs[0], "X") })];
}

function resized(inputs: readonly (QTensor | null)[], { output, attrs, data }: { readonly output: Quant; readonly attrs: Attrs; readonly data: Int8Array | Int16Array }): Tensor {
  const x = operandOf(inputs[0], "X");
  requireSameQuant(x.quant, output);
  const axes = axesOf(x.tensor.shape, inputs.map((input) => input?.tensor ?? null), attrs);
  const form = resizeForm(attrs);
  const problem = resizeInt8Problem(axes, form);
  if (problem !== null) throw new OpError(problem.code, problem.message);
  if (form.mode === "nearest") return picked(x.tensor, axes.map((axis) => nearestInt8(axis, form)));
  const [batch = single, channels = single, ...spatial] = axes;
  const columns = spatial.at(-1) ?? single;
  const rows = spatial.length === 2 ? (spatial[0] ?? single) : single;
  const steps = { rows: bilinearSteps(rows, form), columns: bilinearSteps(columns, form) };
  const planes = batch.input * channels.input;
  const elements = planes * rows.output * columns.output;
  const result = data instanceof Int8Array ? new Int8Array(elements) : new Int16Array(elements);
  for (let plane = 0; plane < planes; plane++) {
    const area = rows.input * columns.input;
    blend(data.subarray(plane * area, (plane + 1) * area), { steps, rows, columns, into: result.subarray(plane * rows.output * columns.output) });
  }
  return { dtype: x.tensor.dtype, shape: axes.map((axis) => axis.output), data: result };
}

const single: ResizeAxis = { input: 1, output: 1, scale: 1 };

/** Why a resize has no int8 form; null when it has. */
export function resizeInt8Problem(axes: readonly ResizeAxis[], form: ResizeForm): { readonly code: OpError["code"]; readonly message: string } | null {
  if (axes.length < 3 || axes.length > 4) return { code: "OP_SHAPE", message: `int8 resizes have one or two spatial axes, found ${axes.length} axes in all` };
  if (axes.slice(0, 2).some(({ input, output }) => input !== output)) return { code: "OP_SHAPE", message: "an int8 resize keeps batch and channels" };
  const loose = axes.find((axis) => !isExact(axis));
  if (loose) return { code: "OP_ATTRIBUTE", message: `an int8 resize goes by sizes, but ${loose.input} elements times ${loose.scale} are not ${loose.output}` };
  if (form.mode === "linear" && axes.slice(2).some((axis) => runsOut(axis, bilinearSteps(axis, form)))) return { code: "OP_SHAPE", message: "the 10-bit steps of so many elements run past the end of the input" };
  return null;
}

/** The reference does not hold the last steps inside; where it would read past the end, there is no int8 form. */
function runsOut({ input, output }: ResizeAxis, { step, offset }: BilinearSteps): boolean {
  return (output - 1) * step + offset >= input * 1024;
}

/**
 * The input element that output element x shows.
 *
 *   factor   = float32((in − 1) / (out − 1)) for align_corners with out > 1, else float32(in / out)
 *   position = float32((x + 1/2 for half_pixel) · factor), rounded (ties up) for align_corners, else floored; held inside
 */
export function nearestInt8(axis: ResizeAxis, form: ResizeForm): Int32Array {
  const { input, output } = axis;
  const modes = `${form.coordinates} ${form.nearest}`;
  const corners = modes === "align_corners round_prefer_ceil";
  const half = modes === "half_pixel round_prefer_ceil";
  if (!corners && !half && modes !== "asymmetric floor") return nearestElements(axis, form);
  const factor = corners && output > 1 ? Math.fround((input - 1) / (output - 1)) : Math.fround(input / output);
  return Int32Array.from({ length: output }, (_, x) => {
    const position = Math.fround((x + (half ? 0.5 : 0)) * factor);
    return Math.min(input - 1, corners ? roundAway(position) : Math.floor(position));
  });
}

/** Positions of a linear resize along one axis: offset + x · step, in 1024ths of an input element. */
export interface BilinearSteps {
  readonly step: number;
  readonly offset: number;
}

/**
 *   step   = floor((1024 · in + floor(out / 2)) / out); align_corners with out > 1: of in − 1 and out − 1
 *   offset = floor(step / 2) − 512 for half-pixel modes, else 0
 */
export function bilinearSteps({ input, output }: ResizeAxis, { coordinates }: ResizeForm): BilinearSteps {
  const inner = coordinates === "align_corners" && output > 1 ? 1 : 0;
  const step = Math.floor((1024 * (input - inner) + Math.floor((output - inner) / 2)) / (output - inner));
  const halves = coordinates === "half_pixel" || coordinates === "half_pixel_symmetric" || (coordinates === "pytorch_half_pixel" && output > 1);
  return { step, offset: halves ? Math.floor(step / 2) - 512 : 0 };
}

interface Blend {
  readonly steps: { readonly rows: BilinearSteps; readonly columns: BilinearSteps };
  readonly rows: ResizeAxis;
  readonly columns: ResizeAxis;
  readonly into: Int8Array | Int16Array;
}

/**
 *   low = max(0, floor(p / 1024)), high = min(in − 1, ceil(p / 1024)), t = p − 1024 · low, of p along both axes
 *   sum = Σ x[low or high] · (1024 − t or t) · (1024 − u or u)                              whole, exact
 *   y   = sum / 2^20, nearest, ties away from zero
 */
function blend(x: Int8Array | Int16Array, { steps, rows, columns, into }: Blend): void {
  let to = 0;
  for (let oy = 0; oy < rows.output; oy++) {
    const y = placeOf(oy, steps.rows, rows.input);
    for (let ox = 0; ox < columns.output; ox++) {
      const at = placeOf(ox, steps.columns, columns.input);
      const read = (row: number, column: number): number => x[row * columns.input + column] as number; // inside, by placeOf
      const sum = (read(y.low, at.low) * (1024 - at.t) + read(y.low, at.high) * at.t) * (1024 - y.t)
        + (read(y.high, at.low) * (1024 - at.t) + read(y.high, at.high) * at.t) * y.t;
      into[to++] = roundAway(sum / 1048576);
    }
  }
}

function placeOf(element: number, { step, offset }: BilinearSteps, input: number): { readonly low: number; readonly high: number; readonly t: number } {
  const position = offset + element * step;
  const low = Math.max(0, Math.floor(position / 1024));
  return { low, high: Math.min(input - 1, Math.ceil(position / 1024)), t: position - 1024 * low };
}
