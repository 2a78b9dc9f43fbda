import { addLinear } from "../isa/add-kernel.ts";
import { addDsp } from "../isa/dsp/add-kernel.ts";
import { convDsp } from "../isa/dsp/conv-kernel.ts";
import { denseDsp } from "../isa/dsp/dense-kernel.ts";
import { depthwiseDsp, depthwiseExactDsp } from "../isa/dsp/depthwise-kernel.ts";
import { convThumb } from "../isa/thumb/conv-kernel.ts";
import { denseThumb } from "../isa/thumb/dense-kernel.ts";
import { depthwiseThumb } from "../isa/thumb/depthwise-kernel.ts";
import { conv } from "./conv.ts";
import { convGrouped } from "./conv-grouped.ts";
import { convTranspose } from "./conv-transpose.ts";
import { copy, fill } from "./copy.ts";
import { dense } from "./dense.ts";
import { depthwise } from "./depthwise.ts";
import { add, lookup, mul, prelu } from "./elementwise.ts";
import { maximum, minimum } from "./extremum.ts";
import type { Kernel, KernelName } from "./kernel.ts";
import { averagePool, maxPool, mean } from "./pool.ts";
import { resizeBilinear, resizeNearest } from "./resize.ts";
import { softmax } from "./softmax.ts";

export const kernels: Readonly<Record<KernelName, Kernel>> = {
  conv,
  conv_grouped: convGrouped,
  conv_transpose: convTranspose,
  depthwise,
  dense,
  add,
  mul,
  prelu,
  minimum,
  maximum,
  lookup,
  max_pool: maxPool,
  average_pool: averagePool,
  mean,
  resize_nearest: resizeNearest,
  resize_bilinear: resizeBilinear,
  softmax,
  copy,
  fill,
  add_linear: addLinear,
  add_dsp: addDsp,
  conv_dsp: convDsp,
  dense_dsp: denseDsp,
  depthwise_dsp: depthwiseDsp,
  depthwise_exact_dsp: depthwiseExactDsp,
  conv_thumb: convThumb,
  depthwise_thumb: depthwiseThumb,
  dense_thumb: denseThumb,
};
