import type { Attrs, Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { wholeAttr, wholesAttr } from "./attribute.ts";
import { clampInPlace } from "./clamp.ts";
import { convInt8 } from "./conv.int8.ts";
import { countOf } from "./dims.ts";
import { type RealArray, realsOf, required } from "./operand.ts";
import { fixedShape } from "./parameter.ts";
import { fillPatches } from "./patches.ts";
import { realProduct } from "./product.ts";
import { resultOf } from "./result.ts";
import { inferSpatial, windowAxes } from "./window.ts";

/**
 * Convolution.
 *
 *   y[n, m, o] = bias[m] + Σ w[m, c, k] · x[n, c + group(m), o · stride − pad + k · dilation]; padding counts as 0
 *   then the fused clamp; macs = |Y| · C/group · kernel elements
 *
 * X [N, C, spatial…] float with 1 to 3 spatial axes, W [M, C/group, kernel…], B [M] → Y [N, M, spatial…].
 * Errors: OP_SHAPE for channels that do not fit. Source: onnx.ai/onnx/operators/onnx__Conv.html
 */
export const conv: OpDef = {
  name: "Conv",
  summary: "weighted sums over sliding windows",
  spec: "https://onnx.ai/onnx/operators/onnx__Conv.html",
  inputs: ["X", "W", "B?"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "X");
    const w = required(inputs[1], "W");
    return [{ dtype: x.dtype, shape: inferShape(x.shape, w.shape, attrs), elements: null }];
  },
  work(inputs, outputs) {
    const [, ...perOutput] = inputs[1]?.shape ?? [0, 0];
    const perElement = perOutput.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1);
    return { macs: countOf(outputs[0]) * perElement, elementOps: 0 };
  },
  evaluate(inputs, attrs) {
    const x = required(inputs[0], "X");
    const w = required(inputs[1], "W");
    const { data, shape } = convolve({ x, w, bias: inputs[2] ?? null, attrs });
    clampInPlace(data, attrs);
    return [resultOf(x.dtype, shape, data)];
  },
  evaluateInt8: convInt8,
};

function inferShape(x: readonly Dim[] | null, w: readonly Dim[] | null, attrs: Attrs): readonly Dim[] | null {
  const weights = fixedShape(w);
  if (x === null || weights === null) return null;
  checkShapes(x, weights, attrs);
  const spatial = inferSpatial(x.slice(2), weights.slice(2), attrs);
  const [batch = 1] = x;
  return spatial && [batch, weights[0] ?? 0, ...spatial];
}

function checkShapes(x: readonly Dim[], w: readonly number[], attrs: Attrs): void {
  const shapes = `X [${x.join(", ")}] and W [${w.join(", ")}]`;
  if (x.length < 3 || x.length > 5 || w.length !== x.length) throw new OpError("OP_SHAPE", `a convolution has 1 to 3 spatial axes, found ${shapes}`);
  const group = wholeAttr(attrs, "group", 1);
  const [, channels] = x;
  const [filters = 0, depth = 0] = w;
  if ((typeof channels === "number" && channels !== depth * group) || filters % group !== 0) {
    throw new OpError("OP_SHAPE", `${shapes} do not fit in ${group} groups`);
  }
  const kernel = wholesAttr(attrs, "kernel_shape");
  if (kernel && String(kernel) !== String(w.slice(2))) throw new OpError("OP_ATTRIBUTE", `kernel_shape ${kernel.join(", ")} does not agree with ${shapes}`);
}

interface Operands {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly bias: Tensor | null;
  readonly attrs: Attrs;
}

function convolve({ x, w, bias, attrs }: Operands): { readonly data: Float64Array; readonly shape: readonly number[] } {
  checkShapes(x.shape, w.shape, attrs);
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  const [filters = 0, depth = 0, ...kernel] = w.shape;
  const axes = windowAxes(spatial, kernel, attrs);
  const outputDims = axes.map((axis) => axis.output);
  const groups = wholeAttr(attrs, "group", 1);
  const from = realsOf(x, "X");
  const weights = realsOf(w, "W");
  const inputPlane = elementCount(spatial);
  const width = depth * elementCount(kernel);
  const plane = elementCount(outputDims);
  const rows = filters / groups;
  const data = new Float64Array(batch * filters * plane);
  const patches = x.dtype === "float64" ? new Float64Array(plane * width) : new Float32Array(plane * width);
  for (let n = 0; n < batch; n++) {
    for (let g = 0; g < groups; g++) {
      const x0 = (n * channels + g * depth) * inputPlane;
      fillPatches({ axes, x: from.subarray(x0, x0 + depth * inputPlane), channels: depth }, patches);
      const factors = { a: weights.subarray(g * rows * width, (g + 1) * rows * width), b: patches, rows, depth: width, columns: plane };
      realProduct(factors, data.subarray((n * filters + g * rows) * plane));
    }
  }
  if (bias) addBias(data, realsOf(bias, "B"), plane);
  return { data, shape: [batch, filters, ...outputDims] };
}

/** Adds bias[m] to every element of channel m; data [N, M, plane]. */
export function addBias(data: Float64Array, bias: RealArray, plane: number): void {
  for (let start = 0; start < data.length; start += plane) {
    const amount = bias[(start / plane) % bias.length] as number;
    for (let i = start; i < start + plane; i++) data[i] = (data[i] as number) + amount;
  }
}
