import type { Form, Requirement } from "./rules.ts";

/** Forms and requirements that several units share. */
export const float: Form = { input: "FLOAT32", output: "FLOAT32" };
export const int8: Form = { input: "INT8", output: "INT8" };
/** Files whose weights have zero points: int8 kernels take none. */
export const uint8: Form = { input: "UINT8", output: "UINT8" };
export const floatWeights: Form = { ...float, weights: "FLOAT32" };
export const int8Weights: Form = { ...int8, weights: "INT8" };
export const int16: Form = { input: "INT16", output: "INT16" };
export const int16x8: Form = { ...int16, weights: "INT8" };
export const uint8Weights: Form = { ...uint8, weights: "UINT8" };
/** Weights in int8 under float activations: quantized as they arrive. */
export const dynamic: Form = { ...float, weights: "INT8" };

export function fixed(input: number, what: string): Requirement {
  return { kind: "static", input, text: `${what} is a constant of the file` };
}

export function present(input: number, what: string): Requirement {
  return { kind: "present", input, text: `${what} is there` };
}

export function computed(input: number, what: string): Requirement {
  return { kind: "computed", input, text: `${what} is computed` };
}

export function rank(input: number, min: number, max: number = min): Requirement {
  return { kind: "rank", input, min, max, text: `input ${input} has ${min === max ? min : `${min} to ${max}`} dims` };
}

export function count(kind: "inputs" | "outputs", min: number, max: number): Requirement {
  return { kind, min, max, text: `${min === max ? min : max === Infinity ? `at least ${min}` : `${min} to ${max}`} ${kind}` };
}

export function activations(...among: readonly string[]): Requirement {
  return { kind: "option", name: "fused_activation_function", among, otherwise: "NONE", text: `fused activations are ${among.join(", ")}` };
}

export function zero(name: string): Requirement {
  return { kind: "option-range", name, min: 0, max: 0, otherwise: 0, text: `${name} is 0` };
}

export function onePerTensor(input: number): Requirement {
  return { kind: "per-tensor", input, text: `what is computed has one scale` };
}

export const betaOne: Requirement = { kind: "option-range", name: "beta", min: 1, max: 1, otherwise: 1, text: "beta is 1" };
export const block: Requirement = { kind: "option-range", name: "block_size", min: 2, max: 2 ** 31 - 1, otherwise: 0, text: "the block is larger than 1" };
export const plainWeights: Requirement = { kind: "option", name: "weights_format", among: ["DEFAULT", 0], otherwise: "DEFAULT", text: "weights are in the default format" };
export const notNegative: Requirement = { kind: "numbers", input: 1, min: 0, max: 2 ** 31 - 1, text: "paddings are not negative" };

export function version(max: number): Requirement {
  return { kind: "version", max, text: `operator versions are at most ${max}` };
}
