import type { Attrs } from "@edgewise/graph";
import { type StoredRange, activationRange, int16Limits, int16Range, storedOf } from "@edgewise/graph/ops";
import type { TensorKind } from "./emission.ts";

type Kind = Pick<TensorKind, "type" | "quant">;

/** The stored limits of a clamp on a tensor of integers with a fact; null for floats and plain integers. */
export function clampRange({ type, quant }: Kind, attrs: Attrs): StoredRange | null {
  if (quant === null) return null;
  return type === "INT16" ? int16Range(quant, attrs) : activationRange(quant, attrs);
}

/** The stored number that is nearest to a real one. */
export function storedReal({ type, quant }: Kind, real: number): number {
  if (quant === null) return real;
  return type === "INT16" ? int16Limits(quant, real, real).min : storedOf(real, quant);
}

/** A stored number as contents of a scalar. */
export function storedBytes(type: TensorKind["type"], stored: number): Uint8Array {
  return type === "INT16" ? new Uint8Array(Int16Array.of(stored).buffer) : new Uint8Array(Int8Array.of(stored).buffer);
}
