import type { Attrs } from "@edgewise/graph";
import { imagesInto, imagesOf, int64s, node } from "../build.ts";
import { boolField } from "../flat.ts";
import { resizeBilinearOptions, resizeNearestOptions } from "../schema.ts";
import { type Lift, given, isComputable, notComputable } from "./lift.ts";
import { otherQuant } from "./moves.ts";
import { planeOf } from "./window.ts";

/**
 * RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR to the output's size, which the file states.
 *
 *   plain: position = o · in / out; align corners: o · (in − 1) / (out − 1); half-pixel centers: (o + 1/2) · in / out − 1/2
 *   nearest takes the element below; with align corners or half pixels the nearest, ties up
 *
 * Source: TFLite kernels/internal/reference/{resize_bilinear,resize_nearest_neighbor}.h.
 */
export const liftResize: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const y = given(operator.outputs[0], "output");
  const linear = operator.name === "RESIZE_BILINEAR";
  const fields = linear ? resizeBilinearOptions : resizeNearestOptions;
  const [corners, half] = [boolField(operator.options, fields.alignCorners), boolField(operator.options, fields.halfPixelCenters)];
  if (planeOf(x) === null || planeOf(y) === null) return { why: "its input is not [N, H, W, C]", found: `[${x.shape.join(", ")}]` };
  if (corners && half) return { why: "corners cannot be aligned and pixels centered" };
  if (!isComputable(x, y)) return notComputable;
  const problem = otherQuant(x, y);
  if (problem !== null) return problem;
  const [batch = 0, height = 0, width = 0, channels = 0] = y.shape;
  const attrs: Attrs = {
    mode: linear ? "linear" : "nearest",
    coordinate_transformation_mode: corners ? "align_corners" : half ? "half_pixel" : "asymmetric",
    ...(linear ? {} : { nearest_mode: corners || half ? "round_prefer_ceil" : "floor" }),
  };
  const images = imagesOf(maker, x);
  const sizes = int64s(maker, `${y.id}.sizes`, [batch, channels, height, width]);
  imagesInto(maker, y, (id) => node(maker, "Resize", { inputs: [images, null, null, sizes], outputs: [id], attrs }));
  return null;
};
