import { betaOne, fixed, float, floatWeights, int16, int16x8, int8, int8Weights, uint8, uint8Weights } from "./requirements.ts";
import type { DelegateRules, Form, OpRule, Requirement, Source } from "./rules.ts";

const vendors = "https://github.com/google-ai-edge/LiteRT/blob/f67457790c9c2ab67347d6fe53270e8d3df20868/litert/vendors";
const date = "2026-11-23";

/** Operators whose second operand is a matrix or kernel. */
const weighted: readonly string[] = ["CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED", "BATCH_MATMUL"];
/** Operators that are written in float alone. */
const floatOnly: readonly string[] = ["BATCH_MATMUL", "DIV", "MIRROR_PAD"];
/** Operators without an int16 kernel; ELU has none for uint8 either. */
const no16: readonly string[] = ["ELU", "HARD_SWISH", "PRELU", "RELU_N1_TO_1"];
const plainForms: readonly Form[] = [float, int8, uint8, int16];
const weightedForms: readonly Form[] = [floatWeights, int8Weights, uint8Weights, int16x8];
const quantizeForms: readonly Form[] = [{ input: "FLOAT32", output: "INT8" }, { input: "FLOAT32", output: "INT16" }, int8];
const dequantizeForms: readonly Form[] = [{ input: "INT8", output: "FLOAT32" }, { input: "INT16", output: "FLOAT32" }];

function formsOf(op: string): readonly Form[] {
  if (op === "QUANTIZE") return quantizeForms;
  if (op === "DEQUANTIZE") return dequantizeForms;
  if (floatOnly.includes(op)) return [weighted.includes(op) ? floatWeights : float];
  if (no16.includes(op)) return op === "ELU" ? [float, int8] : [float, int8, uint8];
  return weighted.includes(op) ? weightedForms : plainForms;
}

function requirementsOf(op: string): readonly Requirement[] {
  switch (op) {
    case "CONV_2D": case "DEPTHWISE_CONV_2D": case "FULLY_CONNECTED": return [fixed(1, "the filter")];
    case "TRANSPOSE_CONV": return [fixed(0, "the output shape"), fixed(1, "the filter")];
    case "PAD": case "PADV2": case "RESHAPE": case "TRANSPOSE": case "RESIZE_BILINEAR": case "RESIZE_NEAREST_NEIGHBOR": return [fixed(1, "the second operand")];
    case "SLICE": case "STRIDED_SLICE": return [fixed(1, "the start"), fixed(2, "the size")];
    case "SOFTMAX": return [betaOne];
    default: return [];
  }
}

/** Rules of a vendor's list of legalized operators, which names no types but the ones of the whole backend. */
function legalized(ops: readonly string[], source: Source): Readonly<Record<string, OpRule>> {
  return Object.fromEntries(ops.map((op) => [op, { forms: formsOf(op), requires: requirementsOf(op), source }]));
}

const qnnSource: Source = { url: `${vendors}/qualcomm/compiler/Qualcomm_QNN_Compiler.md`, date };

/** Qualcomm AI Engine Direct (QNN). Float operators run in float16 there; limits of the chip's own compiler are not published per operator. */
export const qualcomm: DelegateRules = {
  unit: "Qualcomm QNN", source: qnnSource, mostPartitions: Infinity,
  ops: legalized([
    "ADD", "AVERAGE_POOL_2D", "BATCH_MATMUL", "CONCATENATION", "CONV_2D", "DEPTHWISE_CONV_2D", "DEQUANTIZE", "DIV", "ELU",
    "FULLY_CONNECTED", "GATHER", "HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "MAXIMUM", "MAX_POOL_2D", "MEAN", "MINIMUM", "MIRROR_PAD", "MUL",
    "PAD", "PADV2", "PRELU", "QUANTIZE", "RELU", "RELU6", "RELU_N1_TO_1", "RESHAPE", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR",
    "SLICE", "SOFTMAX", "SPLIT", "SPLIT_V", "STRIDED_SLICE", "SUB", "TANH", "TRANSPOSE",
    "TRANSPOSE_CONV",
  ], qnnSource),
};

const neuronSource: Source = { url: `${vendors}/mediatek/compiler/MediaTek_Neuro_Compiler.md`, date };

/** MediaTek NeuroPilot. The plug-in checks operator and types; the rest is the chip's own compiler. */
export const mediatek: DelegateRules = {
  unit: "MediaTek NeuroPilot", source: neuronSource, mostPartitions: Infinity,
  ops: legalized([
    "ADD", "AVERAGE_POOL_2D", "BATCH_MATMUL", "CONCATENATION", "CONV_2D", "DEPTHWISE_CONV_2D", "DEQUANTIZE", "DIV", "FULLY_CONNECTED", "HARD_SWISH", "LEAKY_RELU",
    "LOGISTIC", "MAXIMUM", "MAX_POOL_2D", "MEAN", "MINIMUM", "MUL", "PAD", "PADV2", "PRELU", "QUANTIZE", "RELU", "RESHAPE", "RESIZE_BILINEAR",
    "RESIZE_NEAREST_NEIGHBOR", "SLICE", "SOFTMAX", "SPLIT", "STRIDED_SLICE", "SUB", "TANH", "TRANSPOSE", "TRANSPOSE_CONV",
  ], neuronSource),
};

/** Google Tensor: the plug-in lists what it refuses; everything else goes to a closed compiler that decides. */
export const googleTensor: DelegateRules = {
  unit: "Google Tensor", source: { url: `${vendors}/google_tensor/compiler/compiler_plugin.cc`, date }, mostPartitions: Infinity,
  otherwise: "which operators Google Tensor takes is not documented: its compiler decides",
  ops: {},
};

/** A chip without a documented path. */
export const unknownNpu: DelegateRules = {
  unit: "NPU", source: { url: "https://ai.google.dev/edge/litert/next/npu", date }, mostPartitions: Infinity,
  otherwise: "LiteRT documents no NPU of this chip",
  ops: {},
};

/** The vendor whose NPU a chip has, by the names that vendors write: "Snapdragon 8 Gen 3", "SM8650", "Dimensity 9300", "MT6989", "Tensor G3". */
export function npuOf(chip: string): DelegateRules {
  if (/snapdragon|qualcomm|\b(?:sm|qcs|qcm|sa|sar|sxr)\d{3,}/i.test(chip)) return qualcomm;
  if (/dimensity|mediatek|\bmt\d{4}/i.test(chip)) return mediatek;
  return /\btensor\b/i.test(chip) ? googleTensor : unknownNpu;
}
