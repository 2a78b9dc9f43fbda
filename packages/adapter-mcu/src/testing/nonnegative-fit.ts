/** One equation: Σ coefficient · columns = value, weighted by 1 / value. */
export interface Equation {
  readonly columns: readonly number[];
  readonly value: number;
}

const ROUNDS = 5_000;
const CONVERGED = 1e-9;

/**
 * Coefficients ≥ 0 that make the sum of squared relative errors least.
 *
 *   min over k ≥ 0 of Σ equations: (Σ k · columns / value − 1)²
 *
 * By coordinate descent on columns scaled to length 1: each step solves for one coefficient and cuts it at 0. The
 * problem is convex, so this ends at its minimum. Columns that are 0 everywhere get 0. Values must be positive.
 * Source: Lawson and Hanson 1974, Solving Least Squares Problems; Franc et al. 2005, doi.org/10.1007/11556121_50
 */
export function nonnegativeFit(equations: readonly Equation[]): readonly number[] {
  const width = equations[0]?.columns.length ?? 0;
  const rows = equations.map(({ columns, value }) => columns.map((column) => column / value));
  const lengths = Array.from({ length: width }, (_, k) => Math.sqrt(rows.reduce((sum, row) => sum + (row[k] ?? 0) ** 2, 0)));
  const scaled = rows.map((row) => row.map((cell, k) => (lengths[k] === 0 ? 0 : cell / (lengths[k] ?? 1))));
  const gram = Array.from({ length: width }, (_, a) => Array.from({ length: width }, (_, b) => scaled.reduce((sum, row) => sum + (row[a] ?? 0) * (row[b] ?? 0), 0)));
  const target = Array.from({ length: width }, (_, a) => scaled.reduce((sum, row) => sum + (row[a] ?? 0), 0));
  const found = new Float64Array(width);
  for (let round = 0, moved = Infinity; round < ROUNDS && moved > CONVERGED; round++) {
    moved = 0;
    for (let k = 0; k < width; k++) {
      if (lengths[k] === 0) continue;
      const row = gram[k] ?? [];
      const gradient = row.reduce((sum, cell, j) => sum + cell * (found[j] ?? 0), 0) - (target[k] ?? 0);
      const next = Math.max(0, (found[k] ?? 0) - gradient);
      moved = Math.max(moved, Math.abs(next - (found[k] ?? 0)));
      found[k] = next;
    }
  }
  return [...found].map((value, k) => (lengths[k] === 0 ? 0 : value / (lengths[k] ?? 1)));
}
