import type { SpecializationRules } from "../specialize.ts";
import { linearAdd } from "../add.ts";
import { thumbConv, thumbDense } from "./conv.ts";
import { thumbDepthwise } from "./depthwise.ts";

/** Portable kernels that have a form in ARMv6-M instructions. */
export const thumbRules: SpecializationRules = { conv: thumbConv, dense: thumbDense, depthwise: thumbDepthwise, add: linearAdd };
