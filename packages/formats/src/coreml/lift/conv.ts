import type { Attrs } from "@edgewise/graph";
import { type Lift, type LiftUse, given, node, numberOf, numbersOf, stringOf } from "./lift.ts";

/** conv → Conv; weight and bias are laid out alike. */
export const liftConv: Lift = {
  inputs: ["x", "weight", "bias?", "strides?", "pad_type?", "pad?", "dilations?", "groups?"],
  lift(use) {
    const window = windowAttrs(use);
    if ("refused" in window) return window;
    return [node(use, { op: "Conv", inputs: [given(use, "x"), given(use, "weight"), use.context.value("bias")], attrs: { ...window.attrs, ...groupAttr(use) } })];
  },
};

/** conv_transpose → ConvTranspose. */
export const liftConvTranspose: Lift = {
  inputs: ["x", "weight", "bias?", "strides?", "pad_type?", "pad?", "dilations?", "groups?"],
  lift(use) {
    const window = windowAttrs(use);
    if ("refused" in window) return window;
    return [node(use, { op: "ConvTranspose", inputs: [given(use, "x"), given(use, "weight"), use.context.value("bias")], attrs: { ...window.attrs, ...groupAttr(use) } })];
  },
};

function groupAttr(use: LiftUse): Attrs {
  const groups = numberOf(use, "groups", 1);
  return groups === 1 ? {} : { group: groups };
}

/** Strides, dilations and padding as attributes; what says nothing is left out. */
export function windowAttrs(use: LiftUse): { readonly attrs: Attrs } | { readonly refused: string } {
  const attrs: Record<string, readonly number[] | string> = {};
  const [strides, dilations, pad] = ["strides", "dilations", "pad"].map((input) => numbersOf(use, input));
  if (strides?.some((stride) => stride !== 1) === true) attrs["strides"] = strides;
  if (dilations?.some((dilation) => dilation !== 1) === true) attrs["dilations"] = dilations;
  const kind = stringOf(use, "pad_type") ?? "valid";
  switch (kind) {
    case "valid": break;
    case "same": attrs["auto_pad"] = "SAME_UPPER"; break;
    case "same_lower": attrs["auto_pad"] = "SAME_LOWER"; break;
    case "custom": {
      const list = pad ?? [];
      const starts = list.filter((_, index) => index % 2 === 0);
      if (list.some((size) => size !== 0)) attrs["pads"] = [...starts, ...list.filter((_, index) => index % 2 === 1)];
      break;
    }
    default: return { refused: `its pad_type is ${kind}` };
  }
  return { attrs };
}
