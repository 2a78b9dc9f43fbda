import { int } from "../literal.ts";
import { type Lowering, axisOf, give, operand, wholeAttr } from "./use.ts";

/** Gather → gather; positions as int32. Source: apple.github.io/coremltools, MIL ops, gather */
export const lowerGather: Lowering = (use) => give(use, "gather", { x: operand(use, 0), indices: operand(use, 1), axis: int(axisOf(use, wholeAttr(use, "axis", 0))) });
