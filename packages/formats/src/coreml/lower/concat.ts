import { bool, int } from "../literal.ts";
import { type Lowering, axisOf, give, operand, wholeAttr } from "./use.ts";

/** Concat → concat, not interleaved. */
export const lowerConcat: Lowering = (use) =>
  give(use, "concat", { values: use.node.inputs.map((_, position) => operand(use, position)), axis: int(axisOf(use, wholeAttr(use, "axis", 0))), interleave: bool(false) });
