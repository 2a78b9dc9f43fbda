import { type Tensor, invariant } from "../../packages/graph/src/index.ts";

const ATOL = 1e-5;
const RTOL = 1e-4;

/** How far a float answer is from another, in parts of what is allowed: |found − wanted| / (1e-5 + 1e-4 · |wanted|), the largest. */
export function partsOfTolerance(found: Tensor, wanted: Tensor): number {
  invariant(found.data.length === wanted.data.length && found.data.length > 0, "both runs return the same shape");
  return Math.max(...Array.from(wanted.data as ArrayLike<number>, (x, i) => Math.abs(Number(found.data[i]) - x) / (ATOL + RTOL * Math.abs(x))));
}
