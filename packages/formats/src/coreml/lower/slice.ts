import { bools, ints } from "../literal.ts";
import { type Lowering, axisOf, give, inputType, operand, refuse, wholes } from "./use.ts";

interface Cut {
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
  readonly fromBorder: boolean;
  readonly toBorder: boolean;
}

const whole: Cut = { begin: 0, end: 0, stride: 1, fromBorder: true, toBorder: true };

/**
 * Slice → slice_by_index, one range for each axis; masks stand for "from the border" and "to the border".
 *
 * Source: apple.github.io/coremltools, MIL ops, slice_by_index
 */
export const lowerSlice: Lowering = (use) => {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((position) => wholes(use, position));
  if (starts === undefined || starts === null || ends === undefined || ends === null || axes === undefined || steps === undefined) {
    refuse(use, { summary: "The ranges of a slice must be constant", found: "computed ranges", expected: "constants", fix: "Export the model with fixed shapes." });
    return;
  }
  const { shape } = inputType(use, 0);
  const cuts = shape.map(() => whole);
  starts.forEach((start, index) => {
    const axis = axisOf(use, axes?.[index] ?? index);
    cuts[axis] = cutOf({ start, end: ends[index] ?? 0, stride: steps?.[index] ?? 1 }, shape[axis] ?? null);
  });
  give(use, "slice_by_index", {
    x: operand(use, 0), begin: ints(cuts.map(({ begin }) => begin)), end: ints(cuts.map(({ end }) => end)), stride: ints(cuts.map(({ stride }) => stride)),
    begin_mask: bools(cuts.map(({ fromBorder }) => fromBorder)), end_mask: bools(cuts.map(({ toBorder }) => toBorder)),
  });
};

/** Positions moved to the border, as ONNX has it; with an open dim negative ones stay, and huge ones mean the border. */
function cutOf({ start, end, stride }: { readonly start: number; readonly end: number; readonly stride: number }, dim: number | null): Cut {
  const open = dim ?? 2 ** 31 - 1;
  const from = start < 0 && dim !== null ? Math.max(0, start + dim) : start;
  const to = end < 0 && dim !== null ? end + dim : end;
  if (stride > 0) {
    const fromBorder = from === 0;
    return { begin: fromBorder ? 0 : Math.min(from, open), end: to >= open ? 0 : Math.max(to, dim === null ? to : 0), stride, fromBorder, toBorder: to >= open };
  }
  const fromBorder = from >= open - 1;
  return { begin: fromBorder ? 0 : from, end: to < 0 ? 0 : to, stride, fromBorder, toBorder: to < 0 };
}
