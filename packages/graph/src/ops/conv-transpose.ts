import type { Attrs, Dim } from "../graph.ts";
import { OpError, type OpDef } from "../op.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { wholeAttr, wholesAttr } from "./attribute.ts";
import { clampInPlace } from "./clamp.ts";
import { addBias } from "./conv.ts";
import { convTransposeInt8 } from "./conv-transpose.int8.ts";
import { countOf } from "./dims.ts";
import { realsOf, required } from "./operand.ts";
import { fixedShape } from "./parameter.ts";
import { realProduct, transposedMatrix } from "./product.ts";
import { resultOf } from "./result.ts";
import { land, transposedAxes } from "./transposed.ts";

/**
 * Transposed convolution: the gradient of a convolution with respect to its input, as a layer.
 *
 *   y[n, m, i · stride + k · dilation − pad] += w[c, m, k] · x[n, c, i], + bias[m]; what lands outside of y is lost
 *   then the fused clamp; macs = |X| · M/group · kernel elements
 *
 * X [N, C, spatial…] float with 1 to 3 spatial axes, W [C, M/group, kernel…], B [M] → Y [N, M, spatial…].
 * Errors: OP_SHAPE for channels that do not fit. Source: onnx.ai/onnx/operators/onnx__ConvTranspose.html
 */
export const convTranspose: OpDef = {
  name: "ConvTranspose",
  summary: "every input element spread over a window",
  spec: "https://onnx.ai/onnx/operators/onnx__ConvTranspose.html",
  inputs: ["X", "W", "B?"],
  infer(inputs, attrs) {
    const x = required(inputs[0], "X");
    const w = required(inputs[1], "W");
    return [{ dtype: x.dtype, shape: inferShape(x.shape, w.shape, attrs), elements: null }];
  },
  work(inputs) {
    const [, ...perInput] = inputs[1]?.shape ?? [0, 0];
    const perElement = perInput.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1);
    return { macs: countOf(inputs[0]) * perElement, elementOps: 0 };
  },
  evaluate(inputs, attrs) {
    const x = required(inputs[0], "X");
    const w = required(inputs[1], "W");
    const { data, shape } = convolve({ x, w, bias: inputs[2] ?? null, attrs });
    clampInPlace(data, attrs);
    return [resultOf(x.dtype, shape, data)];
  },
  evaluateInt8: convTransposeInt8,
};

function inferShape(x: readonly Dim[] | null, w: readonly Dim[] | null, attrs: Attrs): readonly Dim[] | null {
  const weights = fixedShape(w);
  if (x === null || weights === null) return null;
  checkShapes(x, weights, attrs);
  const spatial = fixedShape(x.slice(2));
  if (spatial === null) return null;
  const [batch = 1] = x;
  return [batch, (weights[1] ?? 0) * wholeAttr(attrs, "group", 1), ...transposedAxes(spatial, weights.slice(2), attrs).map(({ output }) => output)];
}

function checkShapes(x: readonly Dim[], w: readonly number[], attrs: Attrs): void {
  const shapes = `X [${x.join(", ")}] and W [${w.join(", ")}]`;
  if (x.length < 3 || x.length > 5 || w.length !== x.length) throw new OpError("OP_SHAPE", `a transposed convolution has 1 to 3 spatial axes, found ${shapes}`);
  const group = wholeAttr(attrs, "group", 1);
  const [, channels] = x;
  const [depth = 0] = w;
  if ((typeof channels === "number" && channels !== depth) || depth % group !== 0) throw new OpError("OP_SHAPE", `${shapes} do not fit in ${group} groups`);
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
  const [, perGroup = 0, ...kernel] = w.shape;
  const axes = transposedAxes(spatial, kernel, attrs);
  const outputDims = axes.map((axis) => axis.output);
  const groups = wholeAttr(attrs, "group", 1);
  const from = realsOf(x, "X");
  const weights = realsOf(w, "W");
  const depth = channels / groups;
  const rows = perGroup * elementCount(kernel);
  const inputPlane = elementCount(spatial);
  const plane = elementCount(outputDims);
  const filters = perGroup * groups;
  const data = new Float64Array(batch * filters * plane);
  const products = new Float64Array(rows * inputPlane);
  for (let g = 0; g < groups; g++) {
    const a = transposedMatrix(weights.subarray(g * depth * rows, (g + 1) * depth * rows), depth, rows);
    for (let n = 0; n < batch; n++) {
      const start = (n * channels + g * depth) * inputPlane;
      const b = transposedMatrix(from.subarray(start, start + depth * inputPlane), depth, inputPlane);
      realProduct({ a, b, rows, depth, columns: inputPlane }, products);
      land({ axes, channels: perGroup, products, into: data.subarray((n * filters + g * perGroup) * plane, (n * filters + (g + 1) * perGroup) * plane) });
    }
  }
  if (bias) addBias(data, realsOf(bias, "B"), plane);
  return { data, shape: [batch, filters, ...outputDims] };
}
