import { tensorType } from "../mil.ts";
import { type Lowering, between, give, inputType, operand, wholeAttr } from "./use.ts";
import { bools, ints } from "../literal.ts";

/** Shape → shape, and slice_by_index where only some dims are asked for. */
export const lowerShape: Lowering = (use) => {
  const rank = inputType(use, 0).shape.length;
  const dims = Array.from({ length: rank }, (_, axis) => axis).slice(wholeAttr(use, "start", 0), wholeAttr(use, "end", rank));
  const [first = 0] = dims;
  if (dims.length === rank) {
    give(use, "shape", { x: operand(use, 0) });
    return;
  }
  const all = between(use, "shape", { inputs: { x: operand(use, 0) }, output: tensorType("int32", [rank]) });
  give(use, "slice_by_index", { x: all, begin: ints([first]), end: ints([first + dims.length]), stride: ints([1]), begin_mask: bools([false]), end_mask: bools([false]) });
};
