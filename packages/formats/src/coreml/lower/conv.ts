import { int } from "../literal.ts";
import { type Lowering, give, inputType, inputValue, operand, wholeAttr } from "./use.ts";
import { windowInputs } from "./window.ts";

/**
 * Conv → conv.
 *
 *   weight [M, C/groups, kernel…] and bias [M] as in the IR
 *
 * Source: apple.github.io/coremltools, MIL ops, conv
 */
export const lowerConv: Lowering = (use) => {
  const weight = inputType(use, 1).shape.map((dim) => dim ?? 0);
  const window = windowInputs(use, weight.slice(2));
  if (window === null) return;
  const bias = inputValue(use, 2) === null ? {} : { bias: operand(use, 2) };
  give(use, "conv", { x: operand(use, 0), weight: operand(use, 1), ...bias, ...window, groups: int(wholeAttr(use, "group", 1)) });
};
