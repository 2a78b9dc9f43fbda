import type { Attrs } from "@edgewise/graph";
import { type ResizeAxis, nearestInt8, resizeAxesOf, resizeForm } from "@edgewise/graph/ops";
import { type Site, int32s, operator } from "./emission.ts";
import { axisIn } from "./layout/form.ts";
import { gathered } from "./pad.ts";
import { dimsOf, intoPicture, operandAt, pictureOf, realsAt, resultAt } from "./ports.ts";
import { refuse } from "./refusal.ts";

/**
 * Resize: RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR where they take their elements from the same positions, GATHER of
 * nearest elements elsewhere.
 *
 * Source: TFLite kernels/{resize_bilinear,resize_nearest_neighbor}.cc.
 */
export function lowerResize(site: Site): void {
  const x = operandAt(site, 0);
  const axes = axesAt(site, dimsOf(x.value));
  const form = resizeForm(site.node.attrs);
  const planar = axes.slice(0, 2).every(({ input, output }) => input === output) && (axes.length === 3 || axes.length === 4);
  const options = planar ? optionsOf(site.node.attrs, axes) : null;
  if (options === null && form.mode === "nearest") return gathered(site, { from: x.tensor, sources: axes.map((axis, i) => ({ source: nearestInt8(axis, form), axis: axisIn(x.form, i) })) });
  if (options === null) return refuse({ why: "it interpolates as no operator of TensorFlow Lite does", found: `${form.coordinates}, ${axes.map(({ input, output }) => `${input} to ${output}`).join(", ")}`, expected: "half_pixel, align_corners or asymmetric over height and width, by whole sizes" });
  const input = pictureOf(site, x);
  const sizes = axes.slice(2).map(({ output }) => output);
  intoPicture(site, resultAt(site), (picture) => operator(site, form.mode === "linear" ? "RESIZE_BILINEAR" : "RESIZE_NEAREST_NEIGHBOR", {
    inputs: [input, int32s(site, "size", sizes.length === 1 ? [1, ...sizes] : sizes)], outputs: [picture], options,
  }));
}

function axesAt(site: Site, dims: readonly number[]): readonly ResizeAxis[] {
  const list = (position: number): { readonly dtype: "float32"; readonly shape: readonly number[]; readonly data: Float32Array } | null => {
    const numbers = realsAt(site, position, "sizes");
    return numbers && { dtype: "float32", shape: [numbers.length], data: Float32Array.from(numbers) };
  };
  return resizeAxesOf(dims, [null, null, list(2), list(3)], site.node.attrs);
}

interface Candidate {
  readonly coordinates: string;
  readonly nearest: string;
  readonly options: Attrs;
}

const candidates: readonly Candidate[] = [
  { coordinates: "asymmetric", nearest: "floor", options: { align_corners: 0, half_pixel_centers: 0 } },
  { coordinates: "half_pixel", nearest: "round_prefer_ceil", options: { align_corners: 0, half_pixel_centers: 1 } },
  { coordinates: "align_corners", nearest: "round_prefer_ceil", options: { align_corners: 1, half_pixel_centers: 0 } },
];

/** Options with which the operator reads what the node reads; null when there are none. */
function optionsOf(attrs: Attrs, axes: readonly ResizeAxis[]): Attrs | null {
  const form = resizeForm(attrs);
  if (form.mode === "nearest") {
    const wanted = axes.map((axis) => nearestInt8(axis, form).join());
    return candidates.find(({ coordinates, nearest }) => axes.every((axis, i) => nearestInt8({ ...axis, scale: axis.output / axis.input }, resizeForm({ mode: "nearest", coordinate_transformation_mode: coordinates, nearest_mode: nearest })).join() === wanted[i]))?.options ?? null;
  }
  const whole = axes.every(({ input, output, scale }) => Math.abs(input * scale - output) <= output * 2 ** -23);
  const single = axes.some(({ input, output }) => output === 1 && input !== 1);
  const halves = form.coordinates === "half_pixel" || form.coordinates === "half_pixel_symmetric" || (form.coordinates === "pytorch_half_pixel" && !single);
  if (!whole) return null;
  return candidates.find(({ coordinates }) => coordinates === (halves ? "half_pixel" : form.coordinates))?.options ?? null;
}
