import { int, ints } from "../literal.ts";
import { addOperation } from "./draft.ts";
import { type Lowering, axisOf, operand, outputType, refuse, wholeAttr } from "./use.ts";

/** Split → split, with the size of each part. */
export const lowerSplit: Lowering = (use) => {
  const axis = axisOf(use, wholeAttr(use, "axis", 0));
  const sizes = use.node.outputs.map((_, position) => outputType(use, position).shape[axis] ?? null);
  if (sizes.includes(null)) {
    refuse(use, { summary: "Parts of an open dim are not emitted", found: "an open dim", expected: "a number", fix: "Fix this dim of the input." });
    return;
  }
  const outputs = use.outputs.map((name, position) => ({ name, type: outputType(use, position) }));
  addOperation(use.draft, { type: "split", inputs: { x: operand(use, 0), split_sizes: ints(sizes.map(Number)), axis: int(axis) }, outputs });
};
