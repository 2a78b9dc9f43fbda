/** ARMv6-M and later: what compilers for Cortex-M say of themselves (Arm C Language Extensions). 77 is 'M'. */
export const THUMB_CONDITION = "defined(__thumb__) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 77";
