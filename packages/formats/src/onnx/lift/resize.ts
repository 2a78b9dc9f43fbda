import { decodeTensor } from "@edgewise/graph/ops";
import { listed } from "../constants.ts";
import { type Lift, type LiftContext, type Lifted, type RawNode, numberAttr, numberList, without } from "./lift.ts";

/** Sixteen scales of eight bytes: more axes than any picture has. */
const MAX_BYTES = 128;

/** Attributes that only cubic and cropped resizes read, which are refused; and for which linear gives the border anyway. */
const unread = ["cubic_coeff_a", "exclude_outside", "extrapolation_value"] as const;

/**
 * Resize: empty inputs are left-out ones; set 10 had scales as its second input, and the positions of Upsample.
 *
 *   tf_half_pixel_for_nn with floor (set 11) is half_pixel with round_prefer_ceil: floor((x + 1/2) / scale)
 */
export const liftResize: Lift = (node, context) => {
  if (context.opset < 11) return liftedUpsample(node, context);
  const refused = refusal(node);
  if (refused !== null) return { refused };
  const inputs = node.inputs.map((id, position) => (position === 1 || (id !== null && isEmpty(id, context)) ? null : id));
  while (inputs.at(-1) === null) inputs.pop();
  const forNearest = node.attrs["coordinate_transformation_mode"] === "tf_half_pixel_for_nn";
  const modes = forNearest ? { coordinate_transformation_mode: "half_pixel", nearest_mode: "round_prefer_ceil" } : {};
  return [{ ...node, inputs, attrs: { ...without(node.attrs, ...unread), ...modes } }];
};

/** Upsample, and Resize of set 10: element x shows x / scale, floored or interpolated. */
export const liftUpsample: Lift = (node, context) => liftedUpsample(node, context);

function liftedUpsample(node: RawNode, context: LiftContext): Lifted {
  const mode = node.attrs["mode"] ?? "nearest";
  if (mode !== "nearest" && mode !== "linear") return { refused: `its mode is ${String(mode)}` };
  const inAttribute = numberList(node.attrs["scales"]);
  const given = node.inputs[1] ?? null;
  if (inAttribute === null && given === null) return { refused: "its scales are not given" };
  const scales = inAttribute === null ? given : context.constant(`${node.outputs[0]}.scales`, listed("float32", [inAttribute.length], inAttribute));
  const known = inAttribute ?? (given === null ? null : numbersIn(given, context));
  // Runtimes of these sets differ in which element a smaller picture shows.
  if (mode === "nearest" && known?.some((scale) => scale < 1)) return { refused: "it makes a picture smaller, which operator sets before 11 leave open" };
  return [{ ...node, opType: "Resize", inputs: [node.inputs[0] ?? null, null, scales], attrs: { mode, coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" } }];
}

function refusal({ attrs }: RawNode): string | null {
  if (attrs["mode"] === "cubic") return "its mode is cubic";
  if ((numberAttr(attrs["antialias"]) ?? 0) !== 0) return "antialias is set";
  const coordinates = attrs["coordinate_transformation_mode"];
  if (coordinates === "tf_crop_and_resize") return "it crops (tf_crop_and_resize)";
  const plain = (attrs["mode"] ?? "nearest") === "nearest" && attrs["nearest_mode"] === "floor";
  return coordinates === "tf_half_pixel_for_nn" && !plain ? "tf_half_pixel_for_nn is for the nearest element, floored" : null;
}

function isEmpty(id: string, context: LiftContext): boolean {
  return context.factOf(id)?.shape?.includes(0) === true;
}

function numbersIn(id: string, context: LiftContext): readonly number[] | null {
  const tensor = context.constantOf(id);
  return tensor === null || tensor.bytes.length > MAX_BYTES ? null : Array.from(decodeTensor(tensor.dtype, tensor.shape, tensor.bytes).data, Number);
}
