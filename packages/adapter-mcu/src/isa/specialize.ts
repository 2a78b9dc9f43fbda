import type { KernelName } from "../kernels/kernel.ts";
import type { Layer } from "../program.ts";
import { dspRules } from "./dsp/rules.ts";
import { thumbRules } from "./thumb/rules.ts";

/**
 * The families of kernels, each exact and each complete C99 for any compiler:
 *
 *   portable  the smallest code
 *   thumb     inner loops for ARMv6-M instructions (Cortex-M0, M0+, M1), which every later core also has
 *   dsp       inner loops for the DSP extension (Cortex-M4, M7, M33 with DSP, M55)
 */
export type KernelSet = "portable" | "thumb" | "dsp";

/**
 * Whether weights and scales are those of the product, or placeholders before calibration. What depends on them (a cheaper
 * rounding that must be proved, channels that are never anything but one value) takes its larger form for placeholders,
 * so that a plan never promises less than is emitted.
 */
export type Numbers = "final" | "provisional";

/** A layer in a faster kernel with its constants packed for it; null when that kernel has no form of this layer. */
export type Specialization = (layer: Layer, numbers: Numbers) => Layer | null;

/** Which kernels of a family stand for which portable ones. */
export type SpecializationRules = Readonly<Partial<Record<KernelName, Specialization>>>;

const rules: Readonly<Record<KernelSet, SpecializationRules>> = { portable: {}, thumb: thumbRules, dsp: dspRules };

/** The layer as `set` computes it; the portable kernel remains where the family has no faster one. */
export function specialize(layer: Layer, set: KernelSet, numbers: Numbers): Layer {
  return rules[set][layer.kernel]?.(layer, numbers) ?? layer;
}
