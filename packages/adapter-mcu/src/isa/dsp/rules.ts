import type { SpecializationRules } from "../specialize.ts";
import { linearAdd } from "../add.ts";
import { dspConv, dspPointwise } from "./conv.ts";
import { dspDense } from "./dense.ts";
import { dspDepthwise } from "./depthwise.ts";

/** Portable kernels that have a form on the DSP extension. */
export const dspRules: SpecializationRules = { conv: dspConv, dense: (layer, numbers) => dspPointwise(layer, numbers) ?? dspDense(layer, numbers), depthwise: dspDepthwise, add: linearAdd };
