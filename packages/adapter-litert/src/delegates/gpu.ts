import { betaOne, computed, dynamic, fixed, float, floatWeights, int8, int8Weights, onePerTensor, plainWeights, rank, uint8, uint8Weights, version, zero } from "./requirements.ts";
import type { DelegateRules, Form, OpRule, Requirement, Source } from "./rules.ts";

/** Types and partitions of the operators that are written here; shared attribute checks in tflite/tools/versioning/gpu_compatibility.cc. */
const source: Source = { url: "https://github.com/google-ai-edge/LiteRT/blob/f67457790c9c2ab67347d6fe53270e8d3df20868/ml_drift_delegate/tflite/model_builder.cc", date: "2026-11-23" };
const checks: Source = { url: "https://github.com/google-ai-edge/LiteRT/blob/f67457790c9c2ab67347d6fe53270e8d3df20868/tflite/tools/versioning/gpu_compatibility.cc", date: "2026-11-23" };

const ranks = rank(0, 1, 4);
const op = (forms: readonly Form[], requires: readonly Requirement[] = [ranks]): OpRule => ({ forms, requires, source: checks });
/** Integers are real numbers there: values of 8 bits are unpacked, computed in float and packed again. */
const both: readonly Form[] = [float, int8, uint8];
const plainWeighted: readonly Form[] = [floatWeights, int8Weights, uint8Weights];
const weighted: readonly Form[] = [...plainWeighted, dynamic];
const one = onePerTensor(0);
const elementwise = op(both, [ranks, computed(0, "the operand"), one, version(2)]);
const pair = (most: number): OpRule => op(both, [ranks, one, version(most)]);
const padding = op(both, [rank(0, 3, 4), fixed(1, "the list of paddings"), one, version(5)]);
const dilated: Requirement = { kind: "option-range", name: "dilation_h_factor", min: 1, max: Infinity, otherwise: 1, text: "dilations are positive" };

export const gpu: DelegateRules = {
  unit: "LiteRT GPU", source, mostPartitions: 1,
  ops: {
    ELU: op([float, int8], [ranks, computed(0, "the operand"), one, version(2)]), HARD_SWISH: elementwise, LEAKY_RELU: elementwise, LOGISTIC: elementwise, RELU: elementwise, RELU6: elementwise, RELU_N1_TO_1: elementwise, TANH: elementwise,
    ADD: pair(6), SUB: pair(2), MUL: pair(8), DIV: op([float], [ranks, version(2)]), MAXIMUM: pair(4), MINIMUM: pair(4),
    PRELU: op(both, [ranks, computed(0, "the operand"), fixed(1, "the slope"), one, version(1)]),
    QUANTIZE: op([{ input: "FLOAT32", output: "INT8" }], [version(2)]),
    DEQUANTIZE: op([{ input: "INT8", output: "FLOAT32" }, { input: "FLOAT16", output: "FLOAT32" }], [one, version(3)]),
    CONV_2D: op(weighted, [rank(0, 4), computed(0, "the picture"), one, dilated, version(6)]),
    DEPTHWISE_CONV_2D: op(plainWeighted, [rank(0, 4), computed(0, "the picture"), one, dilated, version(6)]),
    TRANSPOSE_CONV: op(plainWeighted, [rank(2, 4), onePerTensor(2), version(3)]),
    FULLY_CONNECTED: op(weighted, [ranks, computed(0, "the operand"), plainWeights, one, version(14)]),
    BATCH_MATMUL: op([floatWeights], [rank(0, 2, 4), rank(1, 2, 4), computed(0, "the first operand")]),
    AVERAGE_POOL_2D: op(both, [rank(0, 3, 4), one, version(2)]), MAX_POOL_2D: op(both, [rank(0, 3, 4), one, version(2)]),
    MEAN: op(both, [rank(0, 2, 4), fixed(1, "the list of axes"), one]),
    CONCATENATION: pair(6), RESHAPE: pair(1),
    PAD: padding, PADV2: padding,
    MIRROR_PAD: op([float], [rank(0, 3, 4), fixed(1, "the list of paddings"), { kind: "option", name: "mode", among: ["REFLECT", 0], otherwise: "REFLECT", text: "the mode is REFLECT" }]),
    RESIZE_BILINEAR: op(both, [rank(0, 4), fixed(1, "the size"), one, version(3)]), RESIZE_NEAREST_NEIGHBOR: op(both, [rank(0, 4), fixed(1, "the size"), one, version(3)]),
    SLICE: op(both, [rank(0, 3, 4), fixed(1, "the start"), fixed(2, "the size"), one, version(8)]),
    STRIDED_SLICE: op(both, [rank(0, 3, 4), fixed(1, "the start"), fixed(2, "the end"), fixed(3, "the strides"), zero("ellipsis_mask"), zero("new_axis_mask"), zero("shrink_axis_mask"), one, version(2)]),
    SOFTMAX: op(both, [ranks, betaOne, one, version(4)]),
    SPLIT: op(both, [rank(1, 1, 4), fixed(0, "the axis")]),
    TRANSPOSE: op(both, [rank(0, 2, 4), fixed(1, "the permutation"), one]),
    GATHER: op(both, [ranks, rank(1, 1), one]),
  },
};
