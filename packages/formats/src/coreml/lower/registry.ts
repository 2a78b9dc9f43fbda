import type { OpName } from "@edgewise/graph";
import { lowerClip, lowerElu, lowerHardSigmoid, lowerHardSwish, lowerLeakyRelu, lowerPRelu } from "./activation.ts";
import { lowerBatchNormalization } from "./batch-normalization.ts";
import { lowerCast, lowerIdentity } from "./cast.ts";
import { lowerConcat } from "./concat.ts";
import { lowerConv } from "./conv.ts";
import { lowerConvTranspose } from "./conv-transpose.ts";
import { lowerBinary, lowerUnary } from "./elementwise.ts";
import { lowerGather } from "./gather.ts";
import { lowerGemm } from "./gemm.ts";
import { lowerMatMul } from "./mat-mul.ts";
import { lowerPad } from "./pad.ts";
import { lowerAveragePool, lowerGlobalPool, lowerMaxPool } from "./pool.ts";
import { lowerReduceMean } from "./reduce-mean.ts";
import { lowerReshape, lowerSqueeze, lowerTranspose, lowerUnsqueeze } from "./reshape.ts";
import { lowerResize } from "./resize.ts";
import { lowerShape } from "./shape.ts";
import { lowerSlice } from "./slice.ts";
import { lowerLogSoftmax, lowerSoftmax } from "./softmax.ts";
import { lowerSplit } from "./split.ts";
import type { Lowering } from "./use.ts";

/** Null: the op has no lowering of its own; Quantize and Dequantize follow from facts (lower.ts). */
export const lowerings: Readonly<Record<OpName, Lowering | null>> = {
  Conv: lowerConv, ConvTranspose: lowerConvTranspose, Gemm: lowerGemm, MatMul: lowerMatMul, BatchNormalization: lowerBatchNormalization,
  Add: lowerBinary("add"), Sub: lowerBinary("sub"), Mul: lowerBinary("mul"), Div: lowerBinary("real_div"),
  Min: lowerBinary("minimum"), Max: lowerBinary("maximum"),
  Relu: lowerUnary("relu"), LeakyRelu: lowerLeakyRelu, PRelu: lowerPRelu, Elu: lowerElu, Clip: lowerClip,
  Sigmoid: lowerUnary("sigmoid"), HardSigmoid: lowerHardSigmoid, HardSwish: lowerHardSwish, Tanh: lowerUnary("tanh"),
  Softmax: lowerSoftmax, LogSoftmax: lowerLogSoftmax,
  MaxPool: lowerMaxPool, AveragePool: lowerAveragePool, GlobalAveragePool: lowerGlobalPool("reduce_mean"), GlobalMaxPool: lowerGlobalPool("reduce_max"),
  ReduceMean: lowerReduceMean, Resize: lowerResize,
  Reshape: lowerReshape, Flatten: lowerReshape, Transpose: lowerTranspose, Squeeze: lowerSqueeze, Unsqueeze: lowerUnsqueeze,
  Concat: lowerConcat, Split: lowerSplit, Slice: lowerSlice, Pad: lowerPad, Gather: lowerGather,
  Shape: lowerShape, Identity: lowerIdentity, Cast: lowerCast,
  QuantizeLinear: null, DequantizeLinear: null, Quantize: null, Dequantize: null,
};
