import type { Attrs } from "../graph.ts";
import { INT16_MAX, INT16_MIN, int16Data, int16Tensor } from "../int16/stored.ts";
import { type Multiplier, roundAway, scaleBy } from "../int8/fixed-point.ts";
import { multiplierOf, perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant, requireQuant } from "../int8/operands.ts";
import { OpError, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import { elementCount, type Tensor } from "../tensor.ts";

const STEPS = 512;
const f32 = Math.fround;

/**
 * int16 softmax along one axis; the result has scale 2^−15.
 *
 *   e = exp of the difference to the largest, from a table over [−10, 0]; read at scaleBy(x − max, xScale / (10 / 65535))
 *       + 32767, held within int16
 *   b = floor(log2(sum of e)); r = 2^b / sum from a table of 1 / (1 + x) over [0, 1], all in 15 bits of fraction
 *   y = floor((e · r + 2^(b − 1)) / 2^b), held within [0, 32767]
 *
 * x [any] int16 → y same shape. Errors: another output fact. Source: TFLite kernels/internal/reference/softmax.h
 * (SoftmaxInt16), kernels/activations.cc, kernels/internal/common.h (LUTPopulate, LUTLookup).
 */
export function softmaxInt16(inputs: readonly (QTensor | null)[], outputs: readonly Quant[], attrs: Attrs): readonly Tensor[] {
  const x = operandOf(inputs[0], "X");
  requireQuant(outputQuant(outputs), 2 ** -15, 0);
  const { shape } = x.tensor;
  const asked = typeof attrs["axis"] === "number" ? attrs["axis"] : -1;
  const axis = asked < 0 ? asked + shape.length : asked;
  const depth = shape[axis];
  if (depth === undefined) throw new OpError("OP_ATTRIBUTE", `axis ${asked} of ${shape.length} axes`);
  const stride = elementCount(shape.slice(axis + 1));
  const data = int16Data(x, "X");
  const result = new Int16Array(data.length);
  const factor = multiplierOf(perTensor(x.quant).scale / (10 / 65535));
  for (let i = 0; i < data.length / depth; i++) softmaxRow(data, result, { start: Math.floor(i / stride) * stride * depth + (i % stride), stride, depth, factor });
  return [int16Tensor(shape, result)];
}

interface Row {
  readonly start: number;
  readonly stride: number;
  readonly depth: number;
  readonly factor: Multiplier;
}

function softmaxRow(data: Int16Array, result: Int16Array, { start, stride, depth, factor: { multiplier, shift } }: Row): void {
  const end = start + stride * depth;
  let max = INT16_MIN;
  for (let i = start; i < end; i += stride) max = Math.max(max, data[i] ?? 0);
  let sum = 0;
  for (let i = start; i < end; i += stride) {
    const e = lookup(exponentials, held(scaleBy((data[i] ?? 0) - max, multiplier, shift) + INT16_MAX));
    result[i] = e;
    sum += e;
  }
  const headroom = Math.clz32(sum);
  const shifted = Math.floor((sum * 2 ** (headroom - 1) + 8192) / 16384);
  const reciprocal = lookup(reciprocals, held(shifted - 98304));
  const bits = 31 - headroom;
  for (let i = start; i < end; i += stride) result[i] = Math.min(INT16_MAX, Math.max(0, Math.floor(((result[i] ?? 0) * reciprocal + 2 ** (bits - 1)) / 2 ** bits)));
}

function held(x: number): number {
  return Math.min(INT16_MAX, Math.max(INT16_MIN, x));
}

/** The curve at a stored number, in 15 bits of fraction: linear between the entries. */
function lookup(table: Int16Array, stored: number): number {
  const at = 256 + (stored >> 7);
  const here = table[at] ?? 0;
  return here + ((((table[at + 1] ?? 0) - here) * (stored & 0x7f) + 64) >> 7);
}

/**
 * 513 samples of a curve over [least, most] in 15 bits of fraction, each moved by half of what a straight line errs in the
 * middle of its step. Float32 at every step.
 */
function sampled(real: (x: number) => number, least: number, most: number): Int16Array {
  const at = (x: number): number => f32(real(f32(x)));
  const step = f32(f32(most - least) / STEPS);
  const table = Int16Array.from({ length: STEPS + 1 }, (_, i) => {
    const x = f32(least + f32(i * step));
    const value = roundAway(f32(at(x) * 32768));
    const middle = roundAway(f32(at(f32(x + f32(step / 2))) * 32768));
    const next = f32(at(f32(least + f32((i + 1) * step))) * 32768);
    const straight = roundAway(f32(f32(next + value) / 2));
    return held(value - roundAway((straight - middle) / 2));
  });
  table[STEPS] = held(roundAway(f32(at(most) * 32768)));
  return table;
}

const exponentials: Int16Array = sampled(Math.exp, f32(f32(10 / 65535) * -65535), 0);
const reciprocals: Int16Array = sampled((x) => f32(1 / f32(1 + x)), 0, f32(f32(1 / 65535) * 65535));
