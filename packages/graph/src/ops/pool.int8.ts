import type { Attrs } from "../graph.ts";
import { clampTo } from "../int8/elementwise.ts";
import { type StoredRange, activationRange } from "../int8/multiplier.ts";
import { int8Data, int8Tensor, operandOf, outputQuant, requireSameQuant } from "../int8/operands.ts";
import { type Axis, type Window, windowOf } from "../int8/window.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { wordAttr } from "./attribute.ts";

/**
 * int8 pooling on stored numbers; input and output have one scale and zero point.
 *
 *   MaxPool      y = clamp(max of the window's elements inside the input)
 *   AveragePool  y = clamp(sum / count), ties away from zero, or up with `halves: "up"`, as uint8 kernels do; count =
 *                elements inside the input, never padding
 *   GlobalMaxPool  MaxPool over the whole plane
 *
 * x [N, C, (H,) W] → y [N, C, (outH,) outW]. Does not apply to differing facts, to count_include_pad with padding, to a
 * second output (indices), or to three spatial axes: `OpError`.
 * Source: TFLite kernels/internal/reference/integer_ops/pooling.h, internal/reference/pooling.h (uint8).
 */
export function maxPoolInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  if (outputs.length > 1) throw new OpError("OP_ATTRIBUTE", "int8 MaxPool gives no indices");
  return [pool(inputs[0], { outputs, attrs, window: poolWindow(inputs[0], attrs), reduce: maximum })];
}

export function averagePoolInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const window = poolWindow(inputs[0], attrs);
  const padded = [window.rows, window.columns].some((axis) => axis.padStart > 0 || axis.padEnd > 0);
  if (attrs["count_include_pad"] === 1 && padded) throw new OpError("OP_ATTRIBUTE", "int8 AveragePool does not count padding (count_include_pad)");
  return [pool(inputs[0], { outputs, attrs, window, reduce: wordAttr(attrs, "halves", ["away", "up"]) === "up" ? averageUp : average })];
}

export function globalMaxPoolInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const [batch = 0, channels = 0, ...spatial] = operandOf(inputs[0], "X").tensor.shape;
  const whole = windowOf([elementCount(spatial)], [elementCount(spatial)], {});
  const pooled = pool(inputs[0], { outputs, attrs, window: whole, reduce: maximum });
  return [{ ...pooled, shape: [batch, channels, ...spatial.map(() => 1)] }];
}

function poolWindow(x: QTensor | null | undefined, attrs: Attrs): Window {
  const kernel = attrs["kernel_shape"];
  if (!Array.isArray(kernel)) throw new OpError("OP_ATTRIBUTE", "a pool needs kernel_shape");
  return windowOf(operandOf(x, "X").tensor.shape.slice(2), (kernel as readonly (number | string)[]).map(Number), attrs);
}

/** Elements of one window inside the input: rows and columns from the first to before the end, by dilation. */
interface Cut {
  readonly plane: Int8Array;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly rowStep: number;
  readonly left: number;
  readonly right: number;
  readonly columnStep: number;
}

interface Pooling {
  readonly outputs: readonly Quant[];
  readonly attrs: Attrs;
  readonly window: Window;
  readonly reduce: (cut: Cut) => number;
}

function pool(x: QTensor | null | undefined, { outputs, attrs, window, reduce }: Pooling): Tensor {
  const operand = operandOf(x, "X");
  const quant = outputQuant(outputs);
  requireSameQuant(operand.quant, quant);
  const [batch = 0, channels = 0] = operand.tensor.shape;
  const { rows, columns } = window;
  const area = rows.input * columns.input;
  const pixels = rows.output * columns.output;
  const range = activationRange(quant, attrs);
  const data = int8Data(operand, "X");
  const result = new Int8Array(batch * channels * pixels);
  for (let c = 0; c < batch * channels; c++) {
    poolPlane(data.subarray(c * area, (c + 1) * area), { window, reduce, range, into: result.subarray(c * pixels, (c + 1) * pixels) });
  }
  return int8Tensor([batch, channels, ...window.outputDims], result);
}

function poolPlane(plane: Int8Array, to: { readonly window: Window; readonly reduce: (cut: Cut) => number; readonly range: StoredRange; readonly into: Int8Array }): void {
  const { window: { rows, columns }, reduce, range, into } = to;
  let at = 0;
  for (let y = 0; y < rows.output; y++) {
    const [top, bottom] = insideOf(rows, y);
    for (let x = 0; x < columns.output; x++) {
      const [left, right] = insideOf(columns, x);
      const cut = { plane, width: columns.input, top, bottom, rowStep: rows.dilation, left, right, columnStep: columns.dilation };
      into[at++] = clampTo(reduce(cut), range.min, range.max);
    }
  }
}

/** First element of window `index` inside the input, and the end. */
function insideOf(axis: Axis, index: number): readonly [number, number] {
  const origin = index * axis.stride - axis.padStart;
  const skipped = origin < 0 ? Math.ceil(-origin / axis.dilation) : 0;
  const end = Math.min(axis.input, origin + (axis.kernel - 1) * axis.dilation + 1);
  return [origin + skipped * axis.dilation, end];
}

function maximum(cut: Cut): number {
  let max = -128;
  for (let y = cut.top; y < cut.bottom; y += cut.rowStep) {
    for (let x = cut.left; x < cut.right; x += cut.columnStep) {
      // Inside the plane by construction of the cut.
      const stored = cut.plane[y * cut.width + x] as number;
      if (stored > max) max = stored;
    }
  }
  return max;
}

function average(cut: Cut): number {
  const { sum, count } = sumOf(cut);
  const half = Math.floor(count / 2);
  return Math.trunc((sum > 0 ? sum + half : sum - half) / count);
}

function averageUp(cut: Cut): number {
  const { sum, count } = sumOf(cut);
  return Math.floor((sum + Math.floor(count / 2)) / count);
}

function sumOf(cut: Cut): { readonly sum: number; readonly count: number } {
  let sum = 0;
  let count = 0;
  for (let y = cut.top; y < cut.bottom; y += cut.rowStep) {
    for (let x = cut.left; x < cut.right; x += cut.columnStep) {
      // Inside the plane by construction of the cut.
      sum += cut.plane[y * cut.width + x] as number;
      count += 1;
    }
  }
  if (count === 0) throw new OpError("OP_SHAPE", "a window of AveragePool holds only padding");
  return { sum, count };
}
