import { type Node, type Value, type ValueId, indexUses } from "@edgewise/graph";
import { ints, numbers } from "../literal.ts";
import { type MilTensorType, stringValue, tensorType } from "../mil.ts";
import { type Draft, addIntermediate } from "./draft.ts";
import { type ImageOptions, type MadeInput, type ShapeOptions, flexibilityOf, portProblem } from "./ports.ts";

interface Picture {
  readonly value: Value;
  readonly name: string;
  readonly image: ImageOptions;
  /** Default sizes, in the order of the value's dims. */
  readonly sizes: readonly number[];
  readonly flexibility: ShapeOptions | undefined;
}

/**
 * A picture: an image feature, whose pixels reach the program as [1, C, H, W] float32 of 0 to 255.
 *
 *   pixels · scale + bias, channel by channel in the order of the color space; parts that change nothing are left out
 *
 * ML programs have no preprocessing of their own. Errors: COREML_IMAGE. Source: github.com/apple/coremltools,
 * mlmodel/format/FeatureTypes.proto (ImageFeatureType)
 */
export function addImage(draft: Draft, picture: Picture): MadeInput | null {
  const { value, name, image, sizes, flexibility } = picture;
  const channels = image.color === "GRAYSCALE" ? 1 : 3;
  const planar = sizes[1] === channels;
  const order = planar ? [0, 1, 2, 3] : [0, 3, 1, 2];
  const [batch, depth, height = 1, width = 1] = order.map((axis) => sizes[axis] ?? 0);
  const lists = [image.scale, image.bias].map((given) => typeof given === "number" ? Array.from({ length: channels }, () => given) : given);
  if (value.dtype !== "float32" || value.quant !== null || sizes.length !== 4 || batch !== 1 || depth !== channels || lists.some((list) => list.length !== channels || !list.every(Number.isFinite))) {
    draft.problems.push(portProblem("COREML_IMAGE", value.id, {
      summary: `The input ${value.id} cannot be a picture`, found: `${value.dtype}[${sizes.join(", ")}], ${lists.map((list) => list.length).join(" and ")} numbers of scale and bias`,
      expected: `float32[1, ${channels}, H, W] or float32[1, H, W, ${channels}], ${channels} numbers of each`, fix: "Give this input as an array, or correct the color space.",
    }));
    return null;
  }
  const dims = order.map((axis) => value.shape?.[axis]);
  const type = tensorType("fp32", dims.map((dim) => typeof dim === "number" ? dim : null));
  const entered = preprocessed(draft, { name, type }, { scale: lists[0] ?? [], bias: lists[1] ?? [] });
  const skipped = planar ? bound(draft, value, entered) : bindTransposed(draft, { id: value.id, ...entered });
  const spatial = planar ? [2, 3] : [1, 2];
  return { port: { name, type }, feature: { name, description: "", type: { kind: "image", width, height, color: image.color, flexibility: flexibilityOf(flexibility, spatial) } }, skipped };
}

interface Entered {
  readonly name: string;
  readonly type: MilTensorType;
}

function bound(draft: Draft, value: Value, { name }: Entered): readonly [] {
  draft.bound.set(value.id, name);
  return [];
}

function preprocessed(draft: Draft, input: Entered, { scale, bias }: { readonly scale: readonly number[]; readonly bias: readonly number[] }): Entered {
  let { name } = input;
  const type: MilTensorType = { ...input.type, dtype: draft.compute };
  if (draft.compute === "fp16") name = addIntermediate(draft, `${input.name}_to_fp16`, { type: "cast", inputs: { x: name, dtype: stringValue("fp16") }, output: type });
  if (scale.some((each) => each !== 1)) name = addIntermediate(draft, `${input.name}_scaled`, { type: "mul", inputs: { x: name, y: channelwise(type, scale) }, output: type });
  if (bias.some((each) => each !== 0)) name = addIntermediate(draft, `${input.name}_biased`, { type: "add", inputs: { x: name, y: channelwise(type, bias) }, output: type });
  return { name, type };
}

/** One number for all channels as a scalar, else [1, C, 1, 1]. */
function channelwise({ dtype }: MilTensorType, list: readonly number[]): ReturnType<typeof numbers> {
  const [first] = list;
  return list.every((each) => each === first) ? numbers(dtype, [], list.slice(0, 1)) : numbers(dtype, [1, list.length, 1, 1], list);
}

/** Binds [N, H, W, C] to pixels that come as [N, C, H, W]: transposes back to that fall away, others get a transpose. */
function bindTransposed(draft: Draft, { id, name, type }: { readonly id: ValueId; readonly name: string; readonly type: MilTensorType }): readonly Node[] {
  const readers = indexUses(draft.graph).consumers(id);
  const back = readers.filter((node) => node.op === "Transpose" && String(node.attrs["perm"]) === "0,3,1,2");
  for (const node of back) for (const output of node.outputs) if (!draft.bound.has(output)) draft.bound.set(output, name);
  const needless = back.filter((node) => node.outputs.every((output) => draft.bound.get(output) === name));
  if (needless.length < readers.length || draft.graph.outputs.includes(id)) {
    const shape = [0, 2, 3, 1].map((axis) => type.shape[axis] ?? null);
    draft.bound.set(id, addIntermediate(draft, `${name}_nhwc`, { type: "transpose", inputs: { x: name, perm: ints([0, 2, 3, 1]) }, output: { ...type, shape } }));
  }
  return needless;
}
