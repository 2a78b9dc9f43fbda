import { activations, count, dynamic, fixed, float, floatWeights, int8, int8Weights, rank, uint8, uint8Weights } from "./requirements.ts";
import type { DelegateRules, Form, OpRule, Requirement, Source } from "./rules.ts";

/** `Validate` at Android 11 (API level 30, NNAPI 1.3), without an accelerator named. */
const source: Source = { url: "https://github.com/google-ai-edge/LiteRT/blob/f67457790c9c2ab67347d6fe53270e8d3df20868/tflite/delegates/nnapi/nnapi_delegate.cc", date: "2026-11-23" };

/** Why a plan on it has no future: the interface is deprecated, and LiteRT 2.x runs its Interpreter on the CPU alone. */
export const nnapiNotice: { readonly text: string; readonly source: Source } = {
  text: "NNAPI is deprecated from Android 15 (API level 35), and LiteRT 2.x has no path to it: it needs the Interpreter of com.google.ai.edge.litert:litert:1.4.2 with an NnApiDelegate.",
  source: { url: "https://developer.android.com/ndk/guides/neuralnetworks/migration-guide", date: "2026-11-23" },
};

const ranks = rank(0, 0, 4);
const pairRanks = [ranks, rank(1, 0, 4)];
const both: readonly Form[] = [float, int8, uint8];
const op = (forms: readonly Form[], requires: readonly Requirement[] = []): OpRule => ({ forms, requires, source });
/** Drivers differ in what a filter that is no constant does; the models written here have none. */
const filter = fixed(1, "the filter");
const smallWindow = (name: "filter_height" | "filter_width"): Requirement => ({ kind: "option-range", name, min: 1, max: 16, otherwise: 1, text: "an integer window holds at most 16 x 16 values" });

export const nnapi: DelegateRules = {
  unit: "NNAPI", source, mostPartitions: 3,
  ops: {
    ADD: op(both, pairRanks), SUB: op(both, pairRanks), MUL: op(both, pairRanks), DIV: op([floatWeights], pairRanks),
    MAXIMUM: op(both), MINIMUM: op(both), ELU: op([float]),
    RELU: op(both), RELU6: op(both), RELU_N1_TO_1: op(both), LOGISTIC: op(both), TANH: op(both), HARD_SWISH: op(both), LEAKY_RELU: op(both), PRELU: op(both),
    CONV_2D: op([floatWeights, int8Weights, uint8Weights, dynamic], [count("inputs", 3, 3), filter]),
    DEPTHWISE_CONV_2D: op([floatWeights, int8Weights, uint8Weights], [filter]),
    TRANSPOSE_CONV: op([floatWeights, int8Weights, uint8Weights], [fixed(0, "the output shape"), filter]),
    FULLY_CONNECTED: op([floatWeights, int8Weights, uint8Weights, dynamic], [filter]),
    AVERAGE_POOL_2D: op(both, [smallWindow("filter_height"), smallWindow("filter_width")]), MAX_POOL_2D: op(both),
    SOFTMAX: op(both, [ranks]), LOG_SOFTMAX: op([float]),
    RESHAPE: op(both, [ranks, fixed(1, "the shape")]),
    RESIZE_BILINEAR: op(both, [rank(0, 4), fixed(1, "the size")]), RESIZE_NEAREST_NEIGHBOR: op(both, [fixed(1, "the size")]),
    CONCATENATION: op(both, [ranks, activations("NONE")]),
    MEAN: op(both, [ranks]),
    QUANTIZE: op([{ input: "FLOAT32", output: "INT8" }, int8, { input: "INT8", output: "UINT8" }, { input: "UINT8", output: "INT8" }]),
    DEQUANTIZE: op([{ input: "INT8", output: "FLOAT32" }, { input: "FLOAT16", output: "FLOAT32" }]),
    PAD: op(both), PADV2: op(both), SLICE: op(both), STRIDED_SLICE: op(both), TRANSPOSE: op(both, [fixed(1, "the permutation")]),
    SPLIT: op(both, [fixed(0, "the axis")]), GATHER: op(both),
  },
};
