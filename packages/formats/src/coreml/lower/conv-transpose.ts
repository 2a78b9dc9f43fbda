import { transposedAxes } from "@edgewise/graph/ops";
import { int, ints } from "../literal.ts";
import { stringValue } from "../mil.ts";
import { type Lowering, give, inputType, inputValue, operand, refuse, wholeAttr } from "./use.ts";

/**
 * ConvTranspose → conv_transpose.
 *
 *   weight [C, M/groups, kernel…] and bias [M] as in the IR; output_padding and output_shape become pads
 *
 * Does not apply where the result reaches beyond all taps (more output_padding than padding), or to open spatial dims.
 * Source: apple.github.io/coremltools, MIL ops, conv_transpose
 */
export const lowerConvTranspose: Lowering = (use) => {
  const spatial = inputType(use, 0).shape.slice(2);
  const kernel = inputType(use, 1).shape.slice(2).map((dim) => dim ?? 0);
  if (spatial.includes(null)) {
    refuse(use, { summary: "A transposed convolution needs a fixed size", found: "an open height or width", expected: "numbers", fix: "Fix the height and width of the input." });
    return;
  }
  const axes = transposedAxes(spatial.map(Number), kernel, use.node.attrs);
  const pads = axes.flatMap(({ input, kernel: taps, stride, dilation, padStart, output }) => [padStart, stride * (input - 1) + dilation * (taps - 1) + 1 - padStart - output]);
  if (pads.some((pad) => pad < 0)) {
    refuse(use, { summary: "Core ML has no output beyond the taps of a transposed convolution", found: `pads ${pads.join(", ")}`, expected: "no negative pad", fix: "Use an output_padding that is no larger than the padding." });
    return;
  }
  const bias = inputValue(use, 2) === null ? {} : { bias: operand(use, 2) };
  give(use, "conv_transpose", {
    x: operand(use, 0), weight: operand(use, 1), ...bias,
    strides: ints(axes.map(({ stride }) => stride)), dilations: ints(axes.map(({ dilation }) => dilation)),
    pad_type: stringValue("custom"), pad: ints(pads), groups: int(wholeAttr(use, "group", 1)),
  });
};
