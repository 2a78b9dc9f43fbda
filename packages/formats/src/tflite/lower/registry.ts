import type { OpName } from "@edgewise/graph";
import { lowerClip, lowerElu, lowerHardSigmoid, lowerIdentity, lowerLeakyRelu, lowerPRelu, lowerUnary } from "./activation.ts";
import { lowerArithmetic, lowerExtremum } from "./arithmetic.ts";
import { lowerBatchNormalization } from "./batch-normalization.ts";
import { lowerConcat } from "./concat.ts";
import { lowerConvTranspose } from "./conv-transpose.ts";
import { lowerConv } from "./conv.ts";
import { lowerCast, lowerDequantize, lowerQuantize } from "./convert.ts";
import type { Site } from "./emission.ts";
import { lowerGather } from "./gather.ts";
import { lowerGemm } from "./gemm.ts";
import { lowerMatMul } from "./mat-mul.ts";
import { lowerMean } from "./mean.ts";
import { lowerPad } from "./pad.ts";
import { lowerAveragePool, lowerMaxPool } from "./pool.ts";
import { refuse } from "./refusal.ts";
import { lowerReshape } from "./reshape.ts";
import { lowerResize } from "./resize.ts";
import { lowerSlice } from "./slice.ts";
import { lowerLogSoftmax, lowerSoftmax } from "./softmax.ts";
import { lowerSplit } from "./split.ts";
import { lowerTranspose } from "./transpose.ts";

/** Adds the operators of one node. Errors: `Refusal`. */
export type Lower = (site: Site) => void;

const notCanonical: Lower = () => refuse({ why: "it should have been resolved before", fix: "Canonicalize the graph first." });

export const lowerings: Readonly<Record<OpName, Lower>> = {
  Conv: lowerConv, ConvTranspose: lowerConvTranspose, Gemm: lowerGemm, MatMul: lowerMatMul, BatchNormalization: lowerBatchNormalization,
  Add: lowerArithmetic("ADD"), Sub: lowerArithmetic("SUB"), Mul: lowerArithmetic("MUL"), Div: lowerArithmetic("DIV"),
  Min: lowerExtremum("MINIMUM"), Max: lowerExtremum("MAXIMUM"),
  Relu: lowerUnary("RELU"), LeakyRelu: lowerLeakyRelu, PRelu: lowerPRelu, Elu: lowerElu, Clip: lowerClip, Sigmoid: lowerUnary("LOGISTIC"),
  HardSigmoid: lowerHardSigmoid, HardSwish: lowerUnary("HARD_SWISH"), Tanh: lowerUnary("TANH"),
  Softmax: lowerSoftmax, LogSoftmax: lowerLogSoftmax,
  MaxPool: lowerMaxPool, AveragePool: lowerAveragePool, GlobalAveragePool: lowerMean, GlobalMaxPool: lowerMaxPool, ReduceMean: lowerMean, Resize: lowerResize,
  Reshape: lowerReshape, Flatten: lowerReshape, Squeeze: lowerReshape, Unsqueeze: lowerReshape, Transpose: lowerTranspose,
  Concat: lowerConcat, Split: lowerSplit, Slice: lowerSlice, Pad: lowerPad, Gather: lowerGather,
  Shape: notCanonical, Identity: lowerIdentity, Cast: lowerCast,
  QuantizeLinear: notCanonical, DequantizeLinear: notCanonical, Quantize: lowerQuantize, Dequantize: lowerDequantize,
};

/** Ops whose operators have kernels for reals, as floats or as integers with a scale, and for nothing else. */
export const onReals: ReadonlySet<OpName> = new Set<OpName>([
  "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "Relu", "LeakyRelu", "PRelu", "Elu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh",
  "Softmax", "LogSoftmax", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Resize",
]);
