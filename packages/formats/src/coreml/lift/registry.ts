import { liftConv, liftConvTranspose } from "./conv.ts";
import { liftBatchNorm, liftBinary, liftClip, liftLogSumExp, liftPRelu, liftRelu6, liftScaled, liftSoftmax, liftSub, liftUnary } from "./elementwise.ts";
import type { Lift } from "./lift.ts";
import { liftCast, liftConcat, liftExpandDims, liftGather, liftPad, liftReshape, liftShape, liftSliceByIndex, liftSliceBySize, liftSplit, liftSqueeze, liftTranspose } from "./move.ts";
import { liftAveragePool, liftMaxPool, liftReduceMax, liftReduceMean } from "./pool.ts";
import { liftLinear, liftMatMul } from "./product.ts";
import { liftAffine, liftBlockwise, liftDequantize, liftPalette, liftQuantize } from "./quantized.ts";
import { liftResizeBilinear, liftUpsampleBilinear, liftUpsampleNearest } from "./resize.ts";

/** Operations of ML programs that the vocabulary expresses. Source of all: apple.github.io/coremltools, MIL ops */
export const lifts: Readonly<Record<string, Lift>> = {
  conv: liftConv, conv_transpose: liftConvTranspose, linear: liftLinear, matmul: liftMatMul, batch_norm: liftBatchNorm,
  add: liftBinary("Add"), sub: liftSub, mul: liftBinary("Mul"), real_div: liftBinary("Div"), minimum: liftBinary("Min"), maximum: liftBinary("Max"),
  relu: liftUnary("Relu"), relu6: liftRelu6, clip: liftClip, leaky_relu: liftScaled("LeakyRelu", ["alpha"]), prelu: liftPRelu, elu: liftScaled("Elu", ["alpha"]),
  sigmoid: liftUnary("Sigmoid"), sigmoid_hard: liftScaled("HardSigmoid", ["alpha", "beta"]), tanh: liftUnary("Tanh"),
  softmax: liftSoftmax, reduce_log_sum_exp: liftLogSumExp,
  max_pool: liftMaxPool, avg_pool: liftAveragePool, reduce_mean: liftReduceMean, reduce_max: liftReduceMax,
  reshape: liftReshape, transpose: liftTranspose, squeeze: liftSqueeze, expand_dims: liftExpandDims, concat: liftConcat, split: liftSplit,
  slice_by_index: liftSliceByIndex, slice_by_size: liftSliceBySize, pad: liftPad, gather: liftGather,
  upsample_nearest_neighbor: liftUpsampleNearest, upsample_bilinear: liftUpsampleBilinear, resize_bilinear: liftResizeBilinear,
  identity: liftUnary("Identity"), cast: liftCast, shape: liftShape,
  quantize: liftQuantize, dequantize: liftDequantize,
  constexpr_affine_dequantize: liftAffine, constexpr_blockwise_shift_scale: liftBlockwise, constexpr_lut_to_dense: liftPalette,
};
