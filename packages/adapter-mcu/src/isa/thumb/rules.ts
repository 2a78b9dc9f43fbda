import { linearAdd } from "../add.ts";
import type { SpecializationRules } from "../specialize.ts";

/** Portable kernels that have a form in ARMv6-M instructions. */
export const thumbRules: SpecializationRules = { add: linearAdd };
