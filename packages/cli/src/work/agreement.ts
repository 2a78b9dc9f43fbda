import { type Tolerance, allowedDifferences } from "@edgewise/quantizer";
import type { Tensor } from "@edgewise/graph";

/** How one answer stands to the reference's, by the tolerance that the bundle's own self-test uses. */
export interface Agreement {
  /** Largest |found − expected|, in units of what is allowed for that output: at most 1 is within. */
  readonly ofAllowed: number;
  readonly absolute: number;
  /** The same best class, or one that trails it in the reference by no more than both may differ. */
  readonly sameBest: boolean;
}

export function agreementOf(expected: Tensor, found: Tensor | undefined, tolerance: Tolerance): Agreement {
  const want = Array.from(expected.data, Number);
  const have = Array.from(found?.data ?? [], Number);
  if (have.length !== want.length) return { ofAllowed: Infinity, absolute: Infinity, sameBest: false };
  const allowed = allowedDifferences(want, tolerance);
  const differences = want.map((value, i) => Math.abs(value - (have[i] ?? Number.NaN)));
  const [first, second] = [best(want), best(have)];
  const lead = (want[first] ?? 0) - (want[second] ?? 0);
  return {
    ofAllowed: Math.max(...differences.map((difference, i) => difference === 0 ? 0 : difference / (allowed[i] ?? 0))),
    absolute: Math.max(...differences),
    sameBest: first === second || lead <= (allowed[first] ?? 0) + (allowed[second] ?? 0),
  };
}

function best(values: readonly number[]): number {
  return values.reduce((index, value, i) => value > (values[index] ?? -Infinity) ? i : index, 0);
}
