import { windowAxes } from "@edgewise/graph/ops";
import { ints } from "../literal.ts";
import { type MilValue, stringValue } from "../mil.ts";
import { type Use, inputType, refuse } from "./use.ts";

/** Stands for an open dim, whose stated pads do not depend on it; no window is larger. */
const ANY_SIZE = 2 ** 16;

/**
 * Strides, dilations and padding of sliding windows as MIL's parameters.
 *
 *   pad = before and after of the first spatial axis, then of the next; windows that ceil_mode adds reach into more padding
 *
 * A spatial dim that is open takes the pads as stated, or "same"; not ceil_mode. Null after a refusal.
 */
export function windowInputs(use: Use, kernel: readonly number[]): Readonly<Record<"strides" | "dilations" | "pad_type" | "pad", MilValue>> | null {
  const spatial = inputType(use, 0).shape.slice(2);
  const { attrs } = use.node;
  const open = spatial.includes(null);
  const auto = attrs["auto_pad"] ?? "NOTSET";
  if (open && (Number(attrs["ceil_mode"] ?? 0) === 1 || auto === "SAME_LOWER")) {
    refuse(use, { summary: "Padding that depends on the picture's size needs a fixed size", found: auto === "SAME_LOWER" ? "auto_pad SAME_LOWER" : "ceil_mode 1", expected: "stated pads", fix: "Fix the height and width of the input, or export the model with explicit padding." });
    return null;
  }
  const stated = open && auto !== "VALID" ? { ...attrs, auto_pad: "NOTSET" } : attrs;
  const axes = windowAxes(spatial.map((dim) => dim ?? ANY_SIZE), kernel, stated);
  const pads = axes.flatMap(({ input, stride, dilation, kernel: taps, padStart, padEnd, output }) => {
    const reach = (output - 1) * stride + dilation * (taps - 1) + 1 - input - padStart;
    return [padStart, open ? padEnd : Math.max(padEnd, reach)];
  });
  const same = open && auto === "SAME_UPPER";
  return {
    strides: ints(axes.map(({ stride }) => stride)),
    dilations: ints(axes.map(({ dilation }) => dilation)),
    pad_type: stringValue(same ? "same" : pads.every((pad) => pad === 0) ? "valid" : "custom"),
    pad: ints(pads),
  };
}
