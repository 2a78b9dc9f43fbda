import type { Attrs, Dim } from "../graph.ts";
import { type Fact, type OpDef } from "../op.ts";
import { elementCount } from "../tensor.ts";
import { countOf } from "./dims.ts";
import { picked } from "./move.ts";
import { realsOf, required } from "./operand.ts";
import { fixedShape, knownWholes } from "./parameter.ts";
import { type Asked, type ResizeAxis, axesOf, nearestElements, positionsOf, resizeAxes, resizeForm, resizedAxes } from "./resize-axis.ts";
import { resizeInt8 } from "./resize.int8.ts";
import { resultOf } from "./result.ts";

/**
 * Another number of elements along some axes, by the nearest element or by linear interpolation.
 *
 *   nearest  y[o] = x[round(position(o))]
 *   linear   y[o] = (1 − t) · x[k] + t · x[k + 1], k = floor(position(o)), t = position(o) − k; one axis after another
 *   k outside of the input is held at its border; positions and sizes: resize-axis.ts
 *
 * X [any], roi (not read), scales float or sizes int64, one number an axis of `axes` → Y. Errors: OP_ATTRIBUTE for mode
 * cubic, antialias and tf_crop_and_resize; OP_INPUT, OP_SHAPE. Source: onnx.ai/onnx/operators/onnx__Resize.html
 */
export const resize: OpDef = {
  name: "Resize",
  summary: "more or fewer elements along some axes",
  spec: "https://onnx.ai/onnx/operators/onnx__Resize.html",
  inputs: ["X", "roi?", "scales?", "sizes?"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "X");
    return [{ dtype: x.dtype, shape: inferShape(x.shape, { scales: inputs[2] ?? null, sizes: inputs[3] ?? null }, attrs), elements: null }];
  },
  work: (_inputs, outputs, attrs) => ({ macs: 0, elementOps: attrs["mode"] === "linear" ? countOf(outputs[0]) : 0 }),
  evaluate(inputs, attrs) {
    const x = required(inputs[0], "X");
    const form = resizeForm(attrs);
    const axes = axesOf(x.shape, inputs, attrs);
    if (form.mode === "nearest") return [picked(x, axes.map((axis) => nearestElements(axis, form)))];
    let shape = x.shape;
    let data = Float64Array.from(realsOf(x, "X"));
    for (const [i, axis] of axes.entries()) {
      if (axis.input === axis.output && axis.scale === 1) continue;
      data = interpolated(data, axis, { positions: positionsOf(axis, form.coordinates), inner: elementCount(shape.slice(i + 1)) });
      shape = shape.map((dim, each) => (each === i ? axis.output : dim));
    }
    return [resultOf(x.dtype, shape, x.dtype === "float64" ? data : data.slice())];
  },
  evaluateInt8: resizeInt8,
};

/** data [outer, in, inner] → [outer, out, inner]. Indices stay inside the data, hence the casts. */
function interpolated(data: Float64Array, { input, output }: ResizeAxis, by: { readonly positions: Float64Array; readonly inner: number }): Float64Array<ArrayBuffer> {
  const outer = data.length / (input * by.inner);
  const result = new Float64Array(outer * output * by.inner);
  const held = (element: number): number => Math.min(input - 1, Math.max(0, element));
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (const position of by.positions) {
      const floor = Math.floor(position);
      const t = position - floor;
      const low = (o * input + held(floor)) * by.inner;
      const high = (o * input + held(floor + 1)) * by.inner;
      for (let i = 0; i < by.inner; i++) result[to++] = (1 - t) * (data[low + i] as number) + t * (data[high + i] as number);
    }
  }
  return result;
}

interface AskedFacts {
  readonly scales: Fact | null;
  readonly sizes: Fact | null;
}

function inferShape(x: readonly Dim[] | null, { scales, sizes }: AskedFacts, attrs: Attrs): readonly Dim[] | null {
  const form = resizeForm(attrs);
  if (x === null) return null;
  const asked: Asked = { axes: resizedAxes(attrs, x.length), scales: listIn(scales?.reals), sizes: listIn(sizes && knownWholes(sizes)) };
  if (asked.scales === null && asked.sizes === null) return null;
  const shape = fixedShape(x);
  if (shape !== null) return resizeAxes(shape, asked, form.policy).map(({ output }) => output);
  // A name stays where its axis is not resized, and gives way to a size.
  const dims = x.map((dim, axis): Dim | null => {
    const at = asked.axes.indexOf(axis);
    if (at < 0) return dim;
    if (asked.sizes) return form.policy === "stretch" ? (asked.sizes[at] ?? null) : null;
    const scale = asked.scales?.[at] ?? 1;
    return scale === 1 ? dim : typeof dim === "number" ? Math.floor(dim * scale) : null;
  });
  const known = dims.filter((dim) => dim !== null);
  return known.length === dims.length ? known : null;
}

/** The contents of an input that is there: an empty list is one that was left out. */
function listIn(contents: readonly number[] | null | undefined): readonly number[] | null {
  return contents && contents.length > 0 ? contents : null;
}
