import { activations, betaOne, count, dynamic, fixed, float, floatWeights, int8, int8Weights, notNegative, onePerTensor, plainWeights, present, rank, uint8, uint8Weights, zero } from "./requirements.ts";
import type { DelegateRules, Form, OpRule, Requirement, Source } from "./rules.ts";

/** The checks of each operator, with the 8-bit operators that LiteRT turns on; of those that are written here. */
const source: Source = { url: "https://github.com/google-ai-edge/LiteRT/blob/f67457790c9c2ab67347d6fe53270e8d3df20868/tflite/delegates/xnnpack/xnnpack_delegate.cc", date: "2026-11-23" };

const ranks = rank(0, 0, 6);
const activation = activations("NONE", "RELU", "RELU_N1_TO_1", "RELU6");
const window: Requirement = { kind: "window", text: "strides do not exceed the window, and a 1x1 window has stride 1" };
const one = onePerTensor(0);
const perChannel = (axis: number): Requirement => ({ kind: "per-axis", input: 1, axis, text: "filter scales are one, or one an output channel" });
const ratio = (inputs: readonly number[], min: number, max: number): Requirement => ({ kind: "scale-ratio", inputs, min, max, text: `input scale / output scale is at least 1/${1 / min} and below ${max}` });

const op = (forms: readonly Form[], requires: readonly Requirement[]): OpRule => ({ forms, requires, source });
const unary = (...forms: readonly Form[]): OpRule => op(forms, [ranks]);
const sum = op([floatWeights, int8Weights, uint8Weights], [activation, ranks, ratio([0, 1], 2 ** -10, 2 ** 8)]);

export const xnnpack: DelegateRules = {
  unit: "XNNPACK", source, mostPartitions: Infinity,
  ops: {
    RELU: unary(float), RELU6: unary(float), RELU_N1_TO_1: unary(float), HARD_SWISH: unary(float),
    ELU: unary(float, int8), LOGISTIC: unary(float, int8, uint8), TANH: unary(float, int8, uint8),
    LEAKY_RELU: op([float, int8, uint8], [ranks, { kind: "normal", name: "alpha", text: "alpha is a normal number" }, ratio([0], 2 ** -8, 2 ** 7)]),
    ADD: sum, SUB: sum,
    MUL: op([floatWeights, int8Weights, uint8Weights], [activation, ranks, { kind: "scale-product", min: 2 ** -16, max: 2 ** 8, text: "product of the input scales / output scale is at least 1/65536 and below 256" }]),
    DIV: op([floatWeights], [activation, ranks]), MAXIMUM: op([floatWeights], [ranks]), MINIMUM: op([floatWeights], [ranks]),
    PRELU: op([floatWeights], [ranks, fixed(1, "the slope")]),
    QUANTIZE: op([{ input: "FLOAT32", output: "INT8" }, int8, uint8], [ranks, ratio([0], 2 ** -8, 2 ** 7)]),
    // A constant is unpacked once, and the operator is left out.
    DEQUANTIZE: op([{ input: "INT8", output: "FLOAT32" }, { input: "FLOAT16", output: "FLOAT32" }], [ranks, one]),
    CONV_2D: op([floatWeights, int8Weights, uint8Weights, dynamic], [rank(0, 4), fixed(1, "the filter"), present(2, "a bias"), fixed(2, "the bias"), perChannel(0), one, activation]),
    DEPTHWISE_CONV_2D: op([floatWeights, int8Weights, uint8Weights], [rank(0, 4), fixed(1, "the filter"), present(2, "a bias"), fixed(2, "the bias"), perChannel(3), one, activation]),
    FULLY_CONNECTED: op([floatWeights, int8Weights, uint8Weights, dynamic], [
      rank(1, 2), fixed(1, "the filter"), fixed(2, "the bias"), plainWeights, perChannel(0), { kind: "zero-point", input: 1, is: 0, text: "an int8 filter's zero point is 0" }, one, activation,
    ]),
    TRANSPOSE_CONV: op([floatWeights, int8Weights, uint8Weights], [fixed(0, "the output shape"), fixed(1, "the filter"), fixed(3, "the bias"), rank(2, 4), perChannel(0), activation]),
    BATCH_MATMUL: op([floatWeights], [rank(0, 2, 6), rank(1, 2, 6)]),
    AVERAGE_POOL_2D: op([float], [window, activation]), MAX_POOL_2D: op([float, int8, uint8], [window, activation]),
    MEAN: op([float, int8, uint8], [fixed(1, "the list of axes"), one]),
    CONCATENATION: op([float, int8, uint8], [count("inputs", 2, 5), { kind: "equal-uint8", text: "uint8 operands and output have one scale and zero point" }]),
    PAD: op([float, int8, uint8], [ranks, fixed(1, "the list of paddings"), notNegative]),
    RESHAPE: op([float, int8, uint8], [ranks, fixed(1, "the shape"), { kind: "same-quant", text: "input and output have one scale and zero point" }]),
    RESIZE_BILINEAR: op([float, int8, uint8], [rank(0, 4), fixed(1, "the size")]),
    SLICE: op([float, int8, uint8], [ranks, fixed(1, "the start"), fixed(2, "the size"), { kind: "numbers", input: 2, min: 1, max: 2 ** 31 - 1, text: "sizes are stated and positive" }]),
    STRIDED_SLICE: op([float, int8, uint8], [
      ranks, fixed(1, "the start"), fixed(2, "the end"), fixed(3, "the strides"), { kind: "numbers", input: 3, min: 1, max: 1, text: "strides are 1" },
      zero("ellipsis_mask"), zero("new_axis_mask"), zero("shrink_axis_mask"),
    ]),
    SOFTMAX: op([float], [betaOne]),
    SPLIT: op([float, int8, uint8], [fixed(0, "the axis"), count("outputs", 2, 4)]),
    TRANSPOSE: op([float, int8, uint8], [ranks, fixed(1, "the permutation")]),
  },
};
