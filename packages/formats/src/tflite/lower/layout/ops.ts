import type { OpName } from "@edgewise/graph";

/** Ops whose TensorFlow Lite operator works on [N, H, W, C]. */
export const bound: ReadonlySet<OpName> = new Set<OpName>(["Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalMaxPool", "Resize"]);

/** One number in, one number out, at the same place. */
export const unary: ReadonlySet<OpName> = new Set<OpName>([
  "Relu", "LeakyRelu", "Elu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Cast", "Quantize", "Dequantize", "Identity",
]);

/** Numbers at the same place of operands that repeat to one shape. */
export const binary: ReadonlySet<OpName> = new Set<OpName>(["Add", "Sub", "Mul", "Div", "Min", "Max", "PRelu"]);

/** Ops whose parameters name axes, which may be counted in another order. */
export const alongAxes: ReadonlySet<OpName> = new Set<OpName>([
  "Concat", "Pad", "Slice", "Split", "Gather", "ReduceMean", "GlobalAveragePool", "Softmax", "LogSoftmax", "BatchNormalization",
]);

/** Ops that give the same elements other dims. */
export const reshaping: ReadonlySet<OpName> = new Set<OpName>(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);
