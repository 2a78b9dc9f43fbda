/** Compilers that have the DSP extension's instructions in Thumb say so in these names (Arm C Language Extensions). */
export const DSP_CONDITION = "defined(__ARM_FEATURE_DSP) && defined(__thumb2__)";
