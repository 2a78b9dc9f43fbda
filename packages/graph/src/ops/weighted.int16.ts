import type { Attrs } from "../graph.ts";
import { type Int16Evaluator, int16Data, int16Range, int16Tensor } from "../int16/stored.ts";
import { scaleWide } from "../int16/scale-wide.ts";
import { type Multiplier, roundAway } from "../int8/fixed-point.ts";
import { channelMultipliers, perTensor } from "../int8/multiplier.ts";
import { operandOf, outputQuant } from "../int8/operands.ts";
import { OpError, type OpDef, type QTensor } from "../op.ts";
import type { Quant } from "../quant.ts";
import type { Tensor } from "../tensor.ts";
import { tensorMultiplier } from "./conv.int8.ts";

/** Where the output channels are in the result, and how sums of products with int8 weights are rounded. */
export interface WeightedForm {
  readonly channels: "second" | "last";
  readonly rounding: "fixed-point" | "double";
}

/**
 * Conv, ConvTranspose, Gemm and MatMul of int16 activations and int8 weights.
 *
 *   sum = bias[c] + Σ w · x                                               whole, exact
 *   Conv, ConvTranspose, a MatMul of two activations   y = clamp(scaleWide(sum, multiplier of f[c]))
 *   Gemm, MatMul by weights                            y = clamp(round(sum · f[c])), in double, ties away from zero
 *   f[c] = xScale · wScale[c] / yScale in double; float32(xScale · wScale) / yScale for two activations
 *
 * x int16 and w int8, both of zero point 0 (w of a MatMul may be int16), bias int64 or left out. Sums stay below 2^53, so the
 * float op gives them exactly in doubles. Source: LiteRT tflite/kernels/internal/reference/integer_ops/{conv,depthwise_conv,
 * transpose_conv,fully_connected}.h (int16), reference/batch_matmul.h.
 */
export function weightedInt16(evaluate: OpDef["evaluate"], form: WeightedForm): Int16Evaluator {
  return (inputs, outputs, attrs) => {
    refuseFactors(attrs);
    const x = operandOf(inputs[0], "X");
    const w = operandOf(inputs[1], "W");
    int16Data(x, "X");
    const output = outputQuant(outputs);
    const [sums] = evaluate([real(x.tensor), real(weightsOf(w)), null], withoutClamp(attrs), 1);
    if (!sums) throw new OpError("OP_SHAPE", "a product without a result");
    const { shape } = sums;
    const axis = form.channels === "second" ? 1 : shape.length - 1;
    const channels = shape[axis] ?? 1;
    const block = shape.slice(axis + 1).reduce((product, dim) => product * dim, 1);
    const scaled = scalingOf({ x, w, output }, form, channels);
    const bias = biasOf(inputs[2], channels);
    const { min, max } = int16Range(output, attrs);
    return [int16Tensor(shape, Int16Array.from(sums.data as Float64Array, (sum, i) => { // the result of a float64 op
      const c = Math.floor(i / block) % channels;
      return Math.min(max, Math.max(min, scaled(sum + (bias[c] ?? 0), c)));
    }))];
  };
}

/** A sum of a channel in steps of the result. */
function scalingOf({ x, w, output }: { readonly x: QTensor; readonly w: QTensor; readonly output: Quant }, form: WeightedForm, channels: number): (sum: number, c: number) => number {
  const facts = { input: x.quant, weight: w.quant, output };
  if (form.rounding === "double" && w.tensor.dtype === "int8") {
    const { scale } = w.quant;
    const factors = Array.from({ length: channels }, (_, c) => (perTensor(x.quant).scale * (scale[scale.length === 1 ? 0 : c] ?? 0)) / perTensor(output).scale);
    return (sum, c) => roundAway(sum * (factors[c] ?? 0));
  }
  const none: Multiplier = { multiplier: 0, shift: 0 };
  const multipliers = form.rounding === "double" ? Array.from({ length: channels }, () => tensorMultiplier(facts)) : channelMultipliers(facts, channels);
  return (sum, c) => scaleWide(sum, multipliers[c] ?? none);
}

function refuseFactors(attrs: Attrs): void {
  for (const [name, value] of [["transA", 0], ["alpha", 1], ["beta", 1]] as const) {
    if ((attrs[name] ?? value) !== value) throw new OpError("OP_ATTRIBUTE", `int16 products need ${name} = ${value}, found ${attrs[name]}`);
  }
}

function weightsOf(w: QTensor): Tensor {
  const { data } = w.tensor;
  if (!(data instanceof Int8Array || data instanceof Int16Array)) throw new OpError("OP_DTYPE", `int16 products need int8 weights, found ${w.tensor.dtype}`);
  if (w.quant.zeroPoint.some((zero) => zero !== 0)) throw new OpError("OP_QUANT", "int16 products need weights with zero point 0");
  return w.tensor;
}

function real({ shape, data }: Tensor): Tensor {
  return { dtype: "float64", shape, data: Float64Array.from(data as Int8Array | Int16Array) }; // both operands are checked
}

function withoutClamp(attrs: Attrs): Attrs {
  const { clampMin: _, clampMax: __, ...plain } = attrs;
  return plain;
}

function biasOf(operand: QTensor | null | undefined, channels: number): readonly number[] {
  if (!operand) return [];
  const data = Array.from(operand.tensor.data, Number);
  if (data.length !== channels) throw new OpError("OP_SHAPE", `a bias of ${data.length} numbers for ${channels} channels`);
  return data;
}
