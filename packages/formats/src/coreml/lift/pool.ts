import { windowAttrs } from "./conv.ts";
import { type Lift, type Lifted, type LiftUse, boolOf, given, node, numbersOf, rankOf } from "./lift.ts";

const window = ["x", "kernel_sizes", "strides?", "pad_type?", "pad?", "ceil_mode?"] as const;

export const liftMaxPool: Lift = { inputs: window, lift: (use) => pooled(use, "MaxPool", {}) };

/** Without exclude_padding_from_average, padding counts. */
export const liftAveragePool: Lift = {
  inputs: [...window, "exclude_padding_from_average?"],
  lift: (use) => pooled(use, "AveragePool", boolOf(use, "exclude_padding_from_average", false) ? {} : { count_include_pad: 1 }),
};

function pooled(use: LiftUse, op: "MaxPool" | "AveragePool", attrs: Readonly<Record<string, number>>): Lifted {
  const kernel = numbersOf(use, "kernel_sizes");
  const found = windowAttrs(use);
  if (kernel === null) return { refused: "its kernel_sizes are computed" };
  if ("refused" in found) return found;
  if (boolOf(use, "ceil_mode", false)) return { refused: "its ceil_mode is true" };
  const counts = "pads" in found.attrs || "auto_pad" in found.attrs ? attrs : {};
  return [node(use, { op, inputs: [given(use, "x")], attrs: { kernel_shape: kernel, ...found.attrs, ...counts } })];
}

/** reduce_mean: over all spatial axes that stay as 1, GlobalAveragePool; else ReduceMean. */
export const liftReduceMean: Lift = {
  inputs: ["x", "axes?", "keep_dims?"],
  lift(use) {
    const x = given(use, "x");
    if (isGlobal(use)) return [node(use, { op: "GlobalAveragePool", inputs: [x] })];
    const axes = numbersOf(use, "axes") ?? Array.from({ length: rankOf(use, x) }, (_, axis) => axis);
    const list = use.context.addConstant(`${use.operation.name}_axes`, { dtype: "int64", shape: [axes.length], data: BigInt64Array.from(axes, BigInt) });
    return [node(use, { op: "ReduceMean", inputs: [x, list], attrs: boolOf(use, "keep_dims", false) ? {} : { keepdims: 0 } })];
  },
};

/** reduce_max over all spatial axes that stay as 1 → GlobalMaxPool; the vocabulary has no other. */
export const liftReduceMax: Lift = {
  inputs: ["x", "axes?", "keep_dims?"],
  lift: (use) => isGlobal(use) ? [node(use, { op: "GlobalMaxPool", inputs: [given(use, "x")] })] : { refused: "it is not over all spatial axes" },
};

function isGlobal(use: LiftUse): boolean {
  const rank = rankOf(use, given(use, "x"));
  const axes = numbersOf(use, "axes")?.map((axis) => axis < 0 ? axis + rank : axis).sort((a, b) => a - b) ?? [];
  return rank >= 3 && boolOf(use, "keep_dims", false) && axes.length === rank - 2 && axes.every((axis, index) => axis === index + 2);
}
