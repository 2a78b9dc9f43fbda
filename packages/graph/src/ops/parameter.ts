import type { Dim } from "../graph.ts";
import { type Fact, OpError } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/** Contents of a small integer tensor: shapes, axes, pads. */
export function wholesOf(tensor: Tensor): readonly number[] {
  return Array.from(tensor.data, Number);
}

/** Contents of a parameter when all are known numbers before running. */
export function knownWholes(fact: Fact): readonly number[] | null {
  const known = fact.elements?.filter((element) => typeof element === "number");
  return known && known.length === fact.elements?.length ? known : null;
}

/** An axis counted from the front; negative ones count from the back. */
export function axisFrom(axis: number, rank: number): number {
  if (axis < -rank || axis >= rank) throw new OpError("OP_ATTRIBUTE", `axis ${axis} is outside of a tensor with ${rank} dims`);
  return axis < 0 ? axis + rank : axis;
}

/** A shape without open dims; null when something is open. */
export function fixedShape(shape: readonly Dim[] | null): readonly number[] | null {
  const fixed = shape?.filter((dim) => typeof dim === "number");
  return fixed && fixed.length === shape?.length ? fixed : null;
}
