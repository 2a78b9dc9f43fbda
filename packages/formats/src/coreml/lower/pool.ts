import { bool, ints } from "../literal.ts";
import { type Lowering, type Use, give, inputType, operand, refuse, wholeAttr } from "./use.ts";
import { windowInputs } from "./window.ts";

/** MaxPool → max_pool; padding never wins. Its indices and dilated windows are refused. Source: apple.github.io/coremltools, MIL ops, max_pool */
export const lowerMaxPool: Lowering = (use) => {
  if (use.node.outputs.length > 1) {
    refuse(use, { summary: "Core ML's max_pool gives no positions", found: "a second output, Indices", expected: "one output", fix: "Export the model without the pool's indices." });
    return;
  }
  const window = poolWindow(use);
  if (window !== null) give(use, "max_pool", { x: operand(use, 0), ...window });
};

/** AveragePool → avg_pool; count_include_pad 0 leaves the padding out of the mean. Source: apple.github.io/coremltools, MIL ops, avg_pool */
export const lowerAveragePool: Lowering = (use) => {
  const counted = wholeAttr(use, "count_include_pad", 0) === 1;
  if (counted && wholeAttr(use, "ceil_mode", 0) === 1) {
    refuse(use, { summary: "A mean that counts padding but not what ceil_mode adds is not emitted", found: "ceil_mode 1 with count_include_pad 1", expected: "one of the two", fix: "Export the model with count_include_pad 0, or with a size that the windows fill." });
    return;
  }
  const window = poolWindow(use);
  if (window !== null) give(use, "avg_pool", { x: operand(use, 0), ...window, exclude_padding_from_average: bool(!counted) });
};

function poolWindow(use: Use): Parameters<typeof give>[2] | null {
  const { attrs } = use.node;
  const kernel = Array.isArray(attrs["kernel_shape"]) ? attrs["kernel_shape"].map(Number) : [Number(attrs["kernel_shape"])];
  const dilations = attrs["dilations"];
  if (Array.isArray(dilations) && dilations.some((dilation) => dilation !== 1)) {
    refuse(use, { summary: "Core ML's pools have no dilation", found: `dilations ${dilations.join(", ")}`, expected: "1", fix: "Replace the dilated pool in the model." });
    return null;
  }
  const window = windowInputs(use, kernel);
  if (window === null) return null;
  const { strides, pad_type, pad } = window;
  return { kernel_sizes: ints(kernel), strides, pad_type, pad, ceil_mode: bool(false) };
}

/** GlobalAveragePool and GlobalMaxPool → reduce_mean and reduce_max over all spatial axes, which stay as 1. */
export function lowerGlobalPool(type: "reduce_mean" | "reduce_max"): Lowering {
  return (use) => give(use, type, { x: operand(use, 0), axes: ints(inputType(use, 0).shape.map((_, axis) => axis).slice(2)), keep_dims: bool(true) });
}
