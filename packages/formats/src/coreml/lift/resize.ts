import { type Lift, type Lifted, type LiftUse, addNumbers, addWholes, boolOf, given, node, numberOf, stringOf } from "./lift.ts";

/** upsample_nearest_neighbor by whole factors → Resize that repeats each element. */
export const liftUpsampleNearest: Lift = {
  inputs: ["x", "scale_factor_height?", "scale_factor_width?"],
  lift(use) {
    const x = given(use, "x");
    const factors = [numberOf(use, "scale_factor_height", 1), numberOf(use, "scale_factor_width", 1)];
    const shape = use.context.type(x)?.shape ?? [];
    if (shape.length < 3 || factors.some((factor) => !(factor >= 1) || !Number.isInteger(factor))) return { refused: `its factors are ${factors.join(" and ")}` };
    const scales = addNumbers(use, "scales", { dtype: "float32", shape: [shape.length], numbers: [...shape.slice(2).map(() => 1), ...factors] });
    return [node(use, { op: "Resize", inputs: [x, null, scales], attrs: { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" } })];
  },
};

const coordinates: Readonly<Record<string, string>> = { UNALIGN_CORNERS: "half_pixel", STRICT_ALIGN_CORNERS: "align_corners", ALIGN_CORNERS: "align_corners", DEFAULT: "asymmetric" };

/** resize_bilinear → Resize to the stated sizes. */
export const liftResizeBilinear: Lift = {
  inputs: ["x", "target_size_height?", "target_size_width?", "sampling_mode?"],
  lift(use) {
    const mode = stringOf(use, "sampling_mode") ?? "DEFAULT";
    return linear(use, { sizes: [numberOf(use, "target_size_height", 1), numberOf(use, "target_size_width", 1)], mode });
  },
};

/** upsample_bilinear → Resize to the floor of size · factor; the factor that counts is that of the sizes. */
export const liftUpsampleBilinear: Lift = {
  inputs: ["x", "scale_factor_height?", "scale_factor_width?", "align_corners?", "half_pixel_centers?"],
  lift(use) {
    const aligned = boolOf(use, "align_corners", true);
    const centred = boolOf(use, "half_pixel_centers", !aligned);
    const spatial = use.context.type(given(use, "x"))?.shape.slice(-2) ?? [];
    if (aligned && centred) return { refused: "it aligns corners and centers" };
    const sizes = ["scale_factor_height", "scale_factor_width"].map((input, axis) => Math.floor((spatial[axis] ?? NaN) * numberOf(use, input, 1)));
    return linear(use, { sizes, mode: aligned ? "STRICT_ALIGN_CORNERS" : centred ? "UNALIGN_CORNERS" : "DEFAULT" });
  },
};

function linear(use: LiftUse, { sizes, mode }: { readonly sizes: readonly number[]; readonly mode: string }): Lifted {
  const x = given(use, "x");
  const shape = use.context.type(x)?.shape ?? [];
  const transformed = coordinates[mode];
  if (transformed === undefined || shape.includes(null) || shape.length < 3 || sizes.some((size) => !(size >= 1))) return { refused: `its sampling_mode is ${mode}, its sizes are ${sizes.join(" and ")}` };
  const single = sizes.some((size, axis) => size === 1 && shape.at(axis - 2) !== 1);
  if (single && transformed !== "half_pixel") return { refused: `a size of 1 with ${mode}` };
  const list = addWholes(use, "sizes", [...shape.slice(0, -2).map(Number), ...sizes]);
  return [node(use, { op: "Resize", inputs: [x, null, null, list], attrs: { mode: "linear", coordinate_transformation_mode: transformed } })];
}
