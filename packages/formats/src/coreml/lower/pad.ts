import { ints } from "../literal.ts";
import { stringValue } from "../mil.ts";
import { realTensor } from "./constant.ts";
import { type Lowering, axisOf, give, inputType, inputValue, operand, real, refuse, wholes } from "./use.ts";

/** Names of the modes. MIL's reflect does not repeat the border, as ONNX's. */
const modes: Readonly<Record<string, string>> = { constant: "constant", reflect: "reflect", edge: "replicate" };

/**
 * Pad → pad; before and after of each axis in turn. Negative pads (which cut), wrap and computed pads are refused; reflect
 * and edge in the last two axes only. Source: apple.github.io/coremltools, MIL ops, pad
 */
export const lowerPad: Lowering = (use) => {
  const [pads, axes, value] = [wholes(use, 1), wholes(use, 3), inputValue(use, 2)];
  const mode = modes[String(use.node.attrs["mode"] ?? "constant")];
  const rank = inputType(use, 0).shape.length;
  if (pads === undefined || pads === null || axes === undefined || mode === undefined || (value !== null && value.constant === null)) {
    refuse(use, { summary: "This padding is not emitted", found: mode === undefined ? `mode ${String(use.node.attrs["mode"])}` : "computed pads", expected: "constant pads; mode constant, reflect or edge", fix: "Export the model with constant padding." });
    return;
  }
  const borders = Array.from({ length: rank }, () => [0, 0]);
  const padded = axes ?? Array.from({ length: rank }, (_, axis) => axis);
  padded.forEach((axis, index) => { borders[axisOf(use, axis)] = [pads[index] ?? 0, pads[index + padded.length] ?? 0]; });
  const outside = mode !== "constant" && borders.slice(0, -2).flat().some((pad) => pad !== 0);
  if (outside || pads.some((pad) => pad < 0)) {
    refuse(use, { summary: "This padding is not emitted", found: `pads ${pads.join(", ")}, mode ${mode}`, expected: "no negative pads; reflect and edge in the last two axes", fix: "Slice instead of padding by negative numbers." });
    return;
  }
  const fill = value === null ? 0 : Number(realTensor(value).data[0]);
  give(use, "pad", { x: operand(use, 0), pad: ints(borders.flat()), mode: stringValue(mode), constant_val: real(use, fill) });
};
