import { solveAdd } from "../epilogue/add.ts";
import type { SumTask } from "../epilogue/sum.ts";
import type { Layer } from "../program.ts";
import { numberOf } from "./layer-numbers.ts";
import type { Numbers } from "./specialize.ts";

/**
 * A sum of two activations of one shape as one line of both, proved over all pairs; else the reference's three scalings stay,
 * which also hold more constants.
 */
export function linearAdd(layer: Layer, numbers: Numbers): Layer | null {
  const task = numbers === "provisional" ? null : sumTaskOf(layer);
  const form = task === null ? null : solveAdd(task);
  if (form === null || form.clamp !== null) return null;
  return { ...layer, kernel: "add_linear", parameters: { count: numberOf(layer, "count"), a_factor: form.m1, b_factor: form.m2, start: form.c, shift: form.shift }, arrays: [] };
}

/** The sum that a layer computes element by element; null when an operand is a constant or is repeated. */
export function sumTaskOf(layer: Layer): SumTask | null {
  if (layer.parameters["constant"] !== null || numberOf(layer, "period") !== numberOf(layer, "count")) return null;
  const scale = (name: string): { readonly multiplier: number; readonly shift: number } => ({ multiplier: numberOf(layer, `${name}_multiplier`), shift: numberOf(layer, `${name}_shift`) });
  const sign = (name: string): 1 | -1 => (numberOf(layer, name) === 1 ? 1 : -1);
  return {
    numbers: {
      a: scale("a"), b: scale("b"), output: scale("out"), aZero: numberOf(layer, "a_zero"), bZero: numberOf(layer, "b_zero"), outputZero: numberOf(layer, "out_zero"),
      range: { min: numberOf(layer, "clamp_min"), max: numberOf(layer, "clamp_max") },
    },
    aSign: sign("a_sign"), bSign: sign("b_sign"),
  };
}
