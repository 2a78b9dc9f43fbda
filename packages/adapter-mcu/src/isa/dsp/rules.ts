import type { SpecializationRules } from "../specialize.ts";
import { dspAdd } from "./add.ts";
import { dspConv } from "./conv.ts";
import { dspDense } from "./dense.ts";
import { dspDepthwise } from "./depthwise.ts";

/** Portable kernels that have a form on the DSP extension. */
export const dspRules: SpecializationRules = { conv: dspConv, dense: dspDense, depthwise: dspDepthwise, add: dspAdd };
