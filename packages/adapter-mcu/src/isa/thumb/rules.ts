import type { SpecializationRules } from "../specialize.ts";
import { linearAdd } from "../add.ts";
import { thumbConv } from "./conv.ts";
import { thumbDense } from "./dense.ts";
import { thumbDepthwise } from "./depthwise.ts";

/** Portable kernels that have a form in ARMv6-M instructions. */
export const thumbRules: SpecializationRules = { conv: thumbConv, dense: thumbDense, depthwise: thumbDepthwise, add: linearAdd };
