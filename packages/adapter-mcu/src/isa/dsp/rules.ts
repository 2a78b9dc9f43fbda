import type { SpecializationRules } from "../specialize.ts";

/** Portable kernels that have a form on the DSP extension. */
export const dspRules: SpecializationRules = {};
