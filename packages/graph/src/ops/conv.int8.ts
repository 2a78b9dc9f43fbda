import type { Attrs } from "../graph.ts";
import { dotProducts } from "../int8/dot.ts";
import { type Multiplier, scaleBy } from "../int8/fixed-point.ts";
import { type StoredRange, activationRange, channelMultipliers, multiplierOf, perTensor } from "../int8/multiplier.ts";
import { biasData, int8Data, int8Tensor, operandOf, outputQuant } from "../int8/operands.ts";
import { type Axis, type Window, windowOf } from "../int8/window.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";

/**
 * int8 convolution, every group count: dense, grouped, depthwise.
 *
 *   sum  = bias[m] + Σ (w[m, c, i, j] − wZero) · (x[n, c, y, x] − xZero)  int32, exact; padding adds nothing
 *   y    = clamp(yZero + scaleBy(sum, multiplier[m], shift[m]))           two roundings
 *   multiplier[m] of xScale · wScale[m] / yScale, in double; of float32(xScale · wScale) / yScale when the weights have a
 *   zero point, as only uint8 kernels take them; clamp to int8 and to the fused activation's bounds
 *
 * x [N, C, (H,) W] int8, w [M, C/group, (kH,) kW] int8, bias [M] int32 of scale xScale · wScale[m].
 * Does not apply to weights with a zero point and a scale a channel, nor to three spatial axes: `OpError`.
 * Source: TFLite kernels/internal/reference/integer_ops/{conv,depthwise_conv}.h, internal/reference/{conv.h,
 * depthwiseconv_uint8.h}, kernels/kernel_util.cc (PopulateConvolutionQuantizationParams, GetQuantizedConvolutionMultipler).
 */
export function convInt8(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const x = operandOf(inputs[0], "X");
  const w = operandOf(inputs[1], "W");
  const plan = convPlan(x.tensor.shape, w.tensor.shape, attrs);
  const numbers = convNumbers({ input: x.quant, weight: w.quant, output: outputQuant(outputs) }, plan.channels, attrs);
  const bias = biasData(inputs[2], plan.channels);
  const result = new Int8Array(plan.batch * plan.channels * plan.pixels);
  const weights = weightsOf(w, numbers.weightZero);
  const pixels = int8Data(x, "X");
  const image = (plan.depthwise ? depthwise : grouped)({ plan, weights, numbers });
  for (let n = 0; n < plan.batch; n++) {
    const sums = image(pixels, n);
    for (let m = 0; m < plan.channels; m++) {
      rescale(sums.subarray(m * plan.pixels, (m + 1) * plan.pixels), { bias: bias[m] ?? 0, numbers, channel: m }, result.subarray((n * plan.channels + m) * plan.pixels));
    }
  }
  return [int8Tensor([plan.batch, plan.channels, ...plan.window.outputDims], result)];
}

/** Stored weights, their zero point taken off: differences of two int8 numbers take 9 bits. */
function weightsOf(w: QTensor, zero: number): Int8Array | Int16Array {
  const stored = int8Data(w, "W");
  return zero === 0 ? stored : Int16Array.from(stored, (weight) => weight - zero);
}

/** The integers that a convolution or matrix product computes with, besides its weights. */
export interface ConvNumbers {
  readonly inputZero: number;
  readonly weightZero: number;
  readonly outputZero: number;
  readonly multipliers: readonly Multiplier[];
  readonly range: StoredRange;
}

export function convNumbers(facts: { readonly input: Quant; readonly weight: Quant; readonly output: Quant }, channels: number, attrs: Attrs): ConvNumbers {
  const { weight } = facts;
  const shifted = weight.zeroPoint.some((zero) => zero !== 0);
  if (shifted && weight.scale.length > 1) throw new OpError("OP_QUANT", "weights with a scale a channel need zero point 0");
  return {
    inputZero: perTensor(facts.input).zeroPoint,
    weightZero: shifted ? perTensor(weight).zeroPoint : 0,
    outputZero: perTensor(facts.output).zeroPoint,
    multipliers: shifted ? Array.from({ length: channels }, () => tensorMultiplier(facts)) : channelMultipliers(facts, channels),
    range: activationRange(facts.output, attrs),
  };
}

/** The factor of a product whose scales are multiplied as float32 numbers. */
export function tensorMultiplier(facts: { readonly input: Quant; readonly weight: Quant; readonly output: Quant }): Multiplier {
  return multiplierOf(Math.fround(perTensor(facts.input).scale * perTensor(facts.weight).scale) / perTensor(facts.output).scale);
}

interface ConvPlan {
  readonly batch: number;
  readonly inputChannels: number;
  readonly channels: number;
  readonly groups: number;
  readonly window: Window;
  /** Output pixels of one channel. */
  readonly pixels: number;
  readonly depthwise: boolean;
}

function convPlan(x: readonly number[], w: readonly number[], attrs: Attrs): ConvPlan {
  const [batch = 0, inputChannels = 0, ...spatial] = x;
  const [channels = 0, depth = 0, ...kernel] = w;
  const groups = typeof attrs["group"] === "number" ? attrs["group"] : 1;
  if (depth * groups !== inputChannels || channels % groups !== 0) {
    throw new OpError("OP_SHAPE", `weights [${w.join(", ")}] in ${groups} groups do not fit ${inputChannels} input channels`);
  }
  const window = windowOf(spatial, kernel, attrs);
  return { batch, inputChannels, channels, groups, window, pixels: window.rows.output * window.columns.output, depthwise: depth === 1 };
}

interface ConvWork {
  readonly plan: ConvPlan;
  readonly weights: Int8Array | Int16Array;
  readonly numbers: ConvNumbers;
}

/** Sums [channels, pixels] of image n without bias. */
type ImageSums = (pixels: Int8Array, n: number) => Int32Array;

/** One input channel for each output channel: each tap adds a scaled, shifted plane. */
function depthwise({ plan, weights, numbers }: ConvWork): ImageSums {
  const { rows, columns } = plan.window;
  const width = columns.input + columns.padStart + columns.padEnd;
  const height = rows.input + rows.padStart + rows.padEnd;
  const plane = new Int16Array(height * width);
  const taps = rows.kernel * columns.kernel;
  const perGroup = plan.channels / plan.groups;
  const sums = new Int32Array(plan.channels * plan.pixels);
  return (pixels, n) => {
    for (let m = 0; m < plan.channels; m++) {
      if (m % perGroup === 0) {
        const from = (n * plan.inputChannels + m / perGroup) * rows.input * columns.input;
        padPlane(pixels.subarray(from, from + rows.input * columns.input), plan.window, { plane, width, zero: numbers.inputZero });
      }
      slide(plane, weights.subarray(m * taps, (m + 1) * taps), { window: plan.window, width, into: sums.subarray(m * plan.pixels, (m + 1) * plan.pixels) });
    }
    return sums;
  };
}

function padPlane(from: Int8Array, { rows, columns }: Window, to: { readonly plane: Int16Array; readonly width: number; readonly zero: number }): void {
  let source = 0;
  for (let y = 0; y < rows.input; y++) {
    let target = (y + rows.padStart) * to.width + columns.padStart;
    for (let x = 0; x < columns.input; x++) to.plane[target++] = (from[source++] as number) - to.zero;
  }
}

/** Sums of one filter over one padded plane. Every index is inside the plane, hence the casts. */
function slide(plane: Int16Array, filter: Int8Array | Int16Array, at: { readonly window: Window; readonly width: number; readonly into: Int32Array }): void {
  const { rows, columns } = at.window;
  let out = 0;
  for (let y = 0; y < rows.output; y++) {
    for (let x = 0; x < columns.output; x++) {
      let sum = 0;
      let tap = 0;
      for (let i = 0; i < rows.kernel; i++) {
        let from = (y * rows.stride + i * rows.dilation) * at.width + x * columns.stride;
        for (let j = 0; j < columns.kernel; j++) {
          sum = (sum + Math.imul(filter[tap++] as number, plane[from] as number)) | 0;
          from += columns.dilation;
        }
      }
      at.into[out++] = sum;
    }
  }
}

/** Windows as rows of a matrix, one product of matrices a group. */
function grouped({ plan, weights, numbers }: ConvWork): ImageSums {
  const { rows, columns } = plan.window;
  const channels = plan.inputChannels / plan.groups;
  const depth = channels * rows.kernel * columns.kernel;
  const perGroup = plan.channels / plan.groups;
  const patches = new Int16Array(plan.pixels * depth);
  const sums = new Int32Array(plan.channels * plan.pixels);
  return (pixels, n) => {
    for (let g = 0; g < plan.groups; g++) {
      const area = rows.input * columns.input;
      const from = (n * plan.inputChannels + g * channels) * area;
      fillPatches(pixels.subarray(from, from + channels * area), plan.window, { patches, depth, zero: numbers.inputZero });
      const part = dotProducts({ weights: weights.subarray(g * perGroup * depth, (g + 1) * perGroup * depth), patches, rows: perGroup, columns: plan.pixels, depth });
      sums.set(part, g * perGroup * plan.pixels);
    }
    return sums;
  };
}

/** x [C, H, W] int8 → patches [pixels, C · kH · kW], the zero point taken off; padding stays 0. */
function fillPatches(from: Int8Array, { rows, columns }: Window, to: { readonly patches: Int16Array; readonly depth: number; readonly zero: number }): void {
  const { patches, depth, zero } = to;
  const taps = rows.kernel * columns.kernel;
  const area = rows.input * columns.input;
  for (let k = 0; k < depth; k++) {
    const plane = Math.floor(k / taps) * area;
    const i = Math.floor((k % taps) / columns.kernel) * rows.dilation - rows.padStart;
    const j = (k % columns.kernel) * columns.dilation - columns.padStart;
    const [first, end] = insideOf(columns, j);
    for (let y = 0; y < rows.output; y++) {
      const row = y * rows.stride + i;
      if (row < 0 || row >= rows.input) continue;
      let source = plane + row * columns.input + first * columns.stride + j;
      let target = (y * columns.output + first) * depth + k;
      for (let x = first; x < end; x++) {
        patches[target] = (from[source] as number) - zero;
        target += depth;
        source += columns.stride;
      }
    }
  }
}

/** Output positions whose element at `offset` lies inside the input: from the first to before the end. */
function insideOf(axis: Axis, offset: number): readonly [number, number] {
  const first = offset < 0 ? Math.ceil(-offset / axis.stride) : 0;
  const end = Math.min(axis.output, Math.floor((axis.input - 1 - offset) / axis.stride) + 1);
  return [first, end];
}

/** y = clamp(zero + scaleBy(sum + bias)) of one channel. */
export function rescale(sums: Int32Array, of: { readonly bias: number; readonly numbers: ConvNumbers; readonly channel: number }, into: Int8Array): void {
  const { multiplier, shift } = of.numbers.multipliers[of.channel] ?? { multiplier: 0, shift: 0 };
  const { outputZero, range: { min, max } } = of.numbers;
  for (let i = 0; i < sums.length; i++) {
    const y = outputZero + scaleBy(((sums[i] as number) + of.bias) | 0, multiplier, shift);
    into[i] = y < min ? min : y > max ? max : y;
  }
}
