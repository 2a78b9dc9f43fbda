import { invariant } from "@edgewise/graph";
import type { Layer } from "../program.ts";

/** The array that a parameter of the layer points at. */
export function dataOf(layer: Layer, field: string): Int8Array | Int32Array {
  const parameter = layer.parameters[field];
  const array = layer.arrays.find(({ name }) => typeof parameter === "object" && name === parameter?.array);
  invariant(array !== undefined, `${field} is an array of ${layer.kernel}`);
  return array.data;
}

/** A parameter that is a number. */
export function numberOf(layer: Layer, field: string): number {
  const parameter = layer.parameters[field];
  invariant(typeof parameter === "number", `${field} is a number of ${layer.kernel}`);
  return parameter;
}
