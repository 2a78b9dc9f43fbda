import type { Dim } from "../graph.ts";
import type { Fact } from "../op.ts";

/** A product of sizes and names: coefficient · names. */
interface Product {
  readonly coefficient: number;
  readonly names: readonly string[];
}

/** The product as one dim, where a size or a single name can say it; null otherwise. */
export function productOf(dims: readonly Dim[]): Dim | null {
  return dimOf(factor(dims));
}

/** The dim that makes `parts` times it equal to `whole`; null when no size or single name can say it. */
export function quotientOf(whole: readonly Dim[], parts: readonly Dim[]): Dim | null {
  const dividend = factor(whole);
  const divisor = factor(parts);
  const names = [...dividend.names];
  for (const name of divisor.names) {
    const at = names.indexOf(name);
    if (at < 0) return null;
    names.splice(at, 1);
  }
  if (divisor.coefficient === 0 || dividend.coefficient % divisor.coefficient !== 0) return null;
  return dimOf({ coefficient: dividend.coefficient / divisor.coefficient, names });
}

/** The sum as one dim; null when a name would need an addend. */
export function sumOf(dims: readonly Dim[]): Dim | null {
  const size = dims.reduce<number>((sum, dim) => sum + (typeof dim === "number" ? dim : 0), 0);
  const names = dims.filter((dim) => typeof dim === "string");
  if (names.length === 0) return size;
  return names.length === 1 && size === 0 ? (names[0] ?? null) : null;
}

/** Elements of a value for work counts; an open dim counts as 1, an unknown shape as nothing. */
export function countOf(fact: Fact | null | undefined): number {
  return fact?.shape?.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1) ?? 0;
}

function factor(dims: readonly Dim[]): Product {
  const coefficient = dims.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1);
  return { coefficient, names: dims.filter((dim) => typeof dim === "string") };
}

function dimOf({ coefficient, names }: Product): Dim | null {
  if (coefficient === 0 || names.length === 0) return coefficient;
  return coefficient === 1 && names.length === 1 ? (names[0] ?? null) : null;
}
