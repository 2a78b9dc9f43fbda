import type { OpDef, OpName } from "../op.ts";
import { add } from "./add.ts";
import { averagePool } from "./average-pool.ts";
import { batchNormalization } from "./batch-normalization.ts";
import { cast } from "./cast.ts";
import { clip } from "./clip.ts";
import { concat } from "./concat.ts";
import { conv } from "./conv.ts";
import { convTranspose } from "./conv-transpose.ts";
import { dequantize } from "./dequantize.ts";
import { dequantizeLinear } from "./dequantize-linear.ts";
import { div } from "./div.ts";
import { elu } from "./elu.ts";
import { flatten } from "./flatten.ts";
import { gather } from "./gather.ts";
import { gemm } from "./gemm.ts";
import { globalAveragePool } from "./global-average-pool.ts";
import { globalMaxPool } from "./global-max-pool.ts";
import { hardSigmoid } from "./hard-sigmoid.ts";
import { hardSwish } from "./hard-swish.ts";
import { identity } from "./identity.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { logSoftmax } from "./log-softmax.ts";
import { matMul } from "./mat-mul.ts";
import { max } from "./max.ts";
import { maxPool } from "./max-pool.ts";
import { min } from "./min.ts";
import { mul } from "./mul.ts";
import { pRelu } from "./p-relu.ts";
import { pad } from "./pad.ts";
import { quantize } from "./quantize.ts";
import { quantizeLinear } from "./quantize-linear.ts";
import { reduceMean } from "./reduce-mean.ts";
import { relu } from "./relu.ts";
import { reshape } from "./reshape.ts";
import { resize } from "./resize.ts";
import { shape } from "./shape.ts";
import { sigmoid } from "./sigmoid.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { split } from "./split.ts";
import { squeeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { tanh } from "./tanh.ts";
import { transpose } from "./transpose.ts";
import { unsqueeze } from "./unsqueeze.ts";

/** The vocabulary on one screen. */
export const ops: Readonly<Record<OpName, OpDef>> = {
  Conv: conv, ConvTranspose: convTranspose, Gemm: gemm, MatMul: matMul, BatchNormalization: batchNormalization,
  Add: add, Sub: sub, Mul: mul, Div: div, Min: min, Max: max,
  Relu: relu, LeakyRelu: leakyRelu, PRelu: pRelu, Elu: elu,
  Clip: clip, Sigmoid: sigmoid, HardSigmoid: hardSigmoid, HardSwish: hardSwish, Tanh: tanh,
  Softmax: softmax, LogSoftmax: logSoftmax,
  MaxPool: maxPool, AveragePool: averagePool, GlobalAveragePool: globalAveragePool, GlobalMaxPool: globalMaxPool, ReduceMean: reduceMean, Resize: resize,
  Reshape: reshape, Flatten: flatten, Transpose: transpose, Squeeze: squeeze, Unsqueeze: unsqueeze,
  Concat: concat, Split: split, Slice: slice, Pad: pad, Gather: gather,
  Shape: shape, Identity: identity, Cast: cast,
  QuantizeLinear: quantizeLinear, DequantizeLinear: dequantizeLinear, Quantize: quantize, Dequantize: dequantize,
};
