import type { Attrs } from "../graph.ts";
import { dotProducts } from "../int8/dot.ts";
import { biasData, int8Data, int8Tensor, operandOf, outputQuant } from "../int8/operands.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { convNumbers, rescale } from "./conv.int8.ts";
import { transposedMatrix } from "./product.ts";
import { land, transposedAxes } from "./transposed.ts";

/**
 * int8 transposed convolution of one group.
 *
 *   sum[m, o] = bias[m] + Σ w[c, m, k] · (x[n, c, i] − xZero) over i · stride + k · dilation − pad = o      int32, exact
 *   y         = clamp(yZero + scaleBy(sum, multiplier[m], shift[m]))                                        two roundings
 *   multiplier[m] of xScale · wScale[m] / yScale, in double; clamp to int8 and to the fused activation's bounds
 *
 * x [N, C, (H,) W] int8, w [C, M, (kH,) kW] int8 with zero point 0 and scales along axis 1, bias [M] int32 of scale
 * xScale · wScale[m]. TFLite's op has neither groups (refused here) nor dilation (the same sum, with the taps apart).
 * Source: TFLite kernels/internal/reference/integer_ops/transpose_conv.h; tflite-micro kernels/transpose_conv.cc.
 */
export function convTransposeInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const x = operandOf(inputs[0], "X");
  const w = operandOf(inputs[1], "W");
  const [batch = 0, depth = 0, ...spatial] = x.tensor.shape;
  const [weightDepth = 0, channels = 0, ...kernel] = w.tensor.shape;
  if ((attrs["group"] ?? 1) !== 1) throw new OpError("OP_ATTRIBUTE", "int8 transposed convolutions have one group");
  if (weightDepth !== depth || spatial.length > 2) throw new OpError("OP_SHAPE", `weights [${w.tensor.shape.join(", ")}] do not fit [${x.tensor.shape.join(", ")}] with one or two spatial axes`);
  if (w.quant.axis !== null && w.quant.axis !== 1) throw new OpError("OP_QUANT", `weights have a scale along axis ${w.quant.axis}, not along output channels`);
  if (w.quant.zeroPoint.some((zero) => zero !== 0)) throw new OpError("OP_QUANT", "int8 transposed convolution needs weights with zero point 0");
  const axes = transposedAxes(spatial, kernel, attrs);
  const numbers = convNumbers({ input: x.quant, weight: w.quant, output: outputQuant(outputs) }, channels, attrs);
  const bias = biasData(inputs[2], channels);
  const rows = channels * elementCount(kernel);
  const weights = transposedMatrix(int8Data(w, "W"), depth, rows);
  const pixels = int8Data(x, "X");
  const inputPlane = elementCount(spatial);
  const plane = elementCount(axes.map(({ output }) => output));
  const result = new Int8Array(batch * channels * plane);
  for (let n = 0; n < batch; n++) {
    const image = pixels.subarray(n * depth * inputPlane, (n + 1) * depth * inputPlane);
    const patches = transposedMatrix(Int16Array.from(image, (stored) => stored - numbers.inputZero), depth, inputPlane);
    const sums = new Int32Array(channels * plane);
    land({ axes, channels, products: dotProducts({ weights, patches, rows, columns: inputPlane, depth }), into: sums });
    for (let m = 0; m < channels; m++) {
      rescale(sums.subarray(m * plane, (m + 1) * plane), { bias: bias[m] ?? 0, numbers, channel: m }, result.subarray((n * channels + m) * plane));
    }
  }
  return [int8Tensor([batch, channels, ...axes.map(({ output }) => output)], result)];
}
