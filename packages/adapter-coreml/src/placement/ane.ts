import { dataInputs, dtypes, valueOf } from "@edgewise/graph";
import type { LayerView, Source, UnitRules } from "./rules.ts";

const read = "2026-11-23";
const typed: Source = { url: "https://apple.github.io/coremltools/docs-guides/source/typed-execution.html", read };
const notes: Source = { url: "https://github.com/hollance/neural-engine/blob/06a7632ebb14a0e4d62ac0f63c054d80577817bf/docs/unsupported-layers.md", read };
const transformers: Source = { url: "https://machinelearning.apple.com/research/neural-engine-transformers", read };
const whatsNew: Source = { url: "https://apple.github.io/coremltools/docs-guides/source/opt-whats-new.html", read };
const encoderPlan: Source = { url: "https://huggingface.co/TerminatorPower/whisperkit-coreml/blob/main/openai_whisper-medium/AudioEncoder.mlcomputeplan.json", read };
const decoderPlan: Source = { url: "https://huggingface.co/mickekringai/kb-whisper-coreml/blob/main/medium/TextDecoder.mlcomputeplan.json", read };
const melPlan: Source = { url: "https://huggingface.co/mickekringai/kb-whisper-coreml/blob/main/large/MelSpectrogram.mlcomputeplan.json", read };
const capability: Source = { url: "https://ane-guide.readthedocs.io/en/latest/part-1-machine/04-capability-surface.html", read };
/** A developer of coremltools, 2023-02-27: no static documentation; it changes with device, system and tensor sizes. */
const noDocumentation: Source = { url: "https://github.com/apple/coremltools/issues/1780", read };

/** Rank of the values that the engine takes. */
const MAX_RANK = 5;

/** What is publicly known of the Neural Engine. */
export const ane: UnitRules = [
  { ops: "all", verdict: "leaves", rule: "a program typed float32 runs on CPU and GPU only", source: typed, when: ({ precision }) => precision === "float32" },
  { ops: "all", verdict: "leaves", rule: "the layer computes with integers that are indices or sizes", source: typed, when: computesIntegers },
  { ops: ["Quantize", "Dequantize"], verdict: "runs", rule: "8-bit activations are a path of the Neural Engine from iOS 17 on; faster than float16 on A17 Pro, M4 and later, as Apple says", source: whatsNew },
  { ops: ["Conv"], verdict: "leaves", rule: "dilated convolutions were not placed there", source: notes, when: ({ node }) => someAbove(node.attrs["dilations"], 1) },
  { ops: ["Gather"], verdict: "leaves", rule: "gather was placed on the CPU", source: decoderPlan },
  { ops: ["Pad"], verdict: "leaves", rule: "pad was placed on the CPU", source: melPlan },
  { ops: "all", verdict: "leaves", rule: `a value has more than ${MAX_RANK} dims`, source: capability, when: exceedsRank },
  { ops: ["Conv"], verdict: "runs", rule: "convolutions were placed there", source: encoderPlan },
  { ops: ["ConvTranspose"], verdict: "runs", rule: "deconvolutions work there", source: notes },
  { ops: ["Gemm", "MatMul"], verdict: "runs", rule: "matrix multiplications were placed there; convolutions of 1 x 1 are preferred", source: transformers },
  { ops: ["Add", "Sub", "Mul", "BatchNormalization", "Squeeze", "Unsqueeze", "Split"], verdict: "runs", rule: "the operation was placed there", source: decoderPlan },
  { ops: ["Softmax"], verdict: "runs", rule: "softmax was placed there as part of attention", source: transformers },
  { ops: ["Reshape", "Flatten", "Transpose"], verdict: "runs", rule: "allowed there; it moves memory, which costs more than it computes", source: melPlan },
  { ops: ["Relu", "Sigmoid", "Tanh", "LeakyRelu", "Elu", "HardSwish", "HardSigmoid", "PRelu", "Clip", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "Concat"], verdict: "runs", rule: "part of the vocabulary that was measured on M1 and later", source: capability },
  { ops: ["Resize"], verdict: "runs", rule: "upsampling worked there", source: notes },
  { ops: ["Cast", "Identity"], verdict: "runs", rule: "a change of type or name goes with its neighbours", source: typed },
  { ops: "all", verdict: "unknown", rule: "nobody has said; only a device tells", source: noDocumentation },
];

function computesIntegers({ graph, node }: LayerView): boolean {
  return node.op !== "Quantize" && node.op !== "Dequantize" && node.outputs.every((id) => {
    const { dtype, quant } = valueOf(graph, id);
    return dtypes[dtype].kind !== "float" && quant === null;
  });
}

function someAbove(attr: unknown, limit: number): boolean {
  return Array.isArray(attr) && attr.some((value) => Number(value) > limit);
}

function exceedsRank({ graph, node }: LayerView): boolean {
  return [...dataInputs(node), ...node.outputs].some((id) => (valueOf(graph, id).shape?.length ?? 0) > MAX_RANK);
}
