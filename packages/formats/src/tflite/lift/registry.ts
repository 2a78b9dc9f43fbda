import { liftClip, liftLeakyRelu, liftLogSoftmax, liftPRelu, liftSoftmax, liftUnary } from "./activation.ts";
import { liftArithmetic, liftDiv, liftExtremum } from "./arithmetic.ts";
import { liftBatchMatMul } from "./batch-matmul.ts";
import { liftConcatenation, liftPack } from "./concatenation.ts";
import { liftConv, liftDepthwiseConv } from "./conv.ts";
import { liftCast, liftDequantize, liftQuantize } from "./convert.ts";
import { liftFullyConnected } from "./fully-connected.ts";
import { liftGather } from "./gather.ts";
import type { Lift } from "./lift.ts";
import { liftMean } from "./mean.ts";
import { liftReshape, liftTranspose } from "./moves.ts";
import { liftPad } from "./pad.ts";
import { liftPool } from "./pool.ts";
import { liftResize } from "./resize.ts";
import { liftSlice, liftSplit, liftStridedSlice, liftUnpack } from "./slice.ts";
import { liftTransposeConv } from "./transpose-conv.ts";

/** Every builtin operator that is read. */
export const lifts: Readonly<Record<string, Lift>> = {
  ADD: liftArithmetic("Add"),
  AVERAGE_POOL_2D: liftPool("AveragePool"),
  BATCH_MATMUL: liftBatchMatMul,
  CAST: liftCast,
  CONCATENATION: liftConcatenation,
  CONV_2D: liftConv,
  DEPTHWISE_CONV_2D: liftDepthwiseConv,
  DEQUANTIZE: liftDequantize,
  DIV: liftDiv,
  ELU: liftUnary("Elu"),
  EXPAND_DIMS: liftReshape,
  FULLY_CONNECTED: liftFullyConnected,
  GATHER: liftGather,
  HARD_SWISH: liftUnary("HardSwish"),
  LEAKY_RELU: liftLeakyRelu,
  LOGISTIC: liftUnary("Sigmoid"),
  LOG_SOFTMAX: liftLogSoftmax,
  MAXIMUM: liftExtremum("Max"),
  MAX_POOL_2D: liftPool("MaxPool"),
  MEAN: liftMean,
  MINIMUM: liftExtremum("Min"),
  MIRROR_PAD: liftPad,
  MUL: liftArithmetic("Mul"),
  PACK: liftPack,
  PAD: liftPad,
  PADV2: liftPad,
  PRELU: liftPRelu,
  QUANTIZE: liftQuantize,
  RELU: liftClip(0, Infinity),
  RELU6: liftClip(0, 6),
  RELU_0_TO_1: liftClip(0, 1),
  RELU_N1_TO_1: liftClip(-1, 1),
  RESHAPE: liftReshape,
  RESIZE_BILINEAR: liftResize,
  RESIZE_NEAREST_NEIGHBOR: liftResize,
  SLICE: liftSlice,
  SOFTMAX: liftSoftmax,
  SPLIT: liftSplit,
  SPLIT_V: liftSplit,
  SQUEEZE: liftReshape,
  STRIDED_SLICE: liftStridedSlice,
  SUB: liftArithmetic("Sub"),
  TANH: liftUnary("Tanh"),
  TRANSPOSE: liftTranspose,
  TRANSPOSE_CONV: liftTransposeConv,
  UNPACK: liftUnpack,
};
