import { type Tensor, dtypes, elementCount } from "@edgewise/graph";
import { dequantizeTensor } from "@edgewise/graph/ops";
import { milDTypes } from "../dtypes.ts";
import type { MilNumbers } from "../mil.ts";
import { type Lift, type Lifted, type LiftUse, given, node, numberOf, numbersOf, result } from "./lift.ts";

/**
 * quantize → QuantizeLinear; a zero point that is left out is 0 of the result's type.
 *
 * Facts of the IR stand between integers and float32: float16 reals pass through a Cast.
 */
export const liftQuantize: Lift = {
  inputs: ["input", "zero_point?", "scale", "axis?", "output_dtype"],
  lift(use) {
    const { context } = use;
    const dtype = context.type(result(use))?.dtype;
    const scale = wideScale(use);
    if (dtype !== "int8" && dtype !== "uint8") return { refused: `it quantizes to ${dtype ?? "no tensor"}` };
    if (scale === null) return { refused: "its scale is computed" };
    const [count = 1] = scale.shape;
    const zero = context.value("zero_point") ?? context.addConstant(`${result(use)}_zero_point`, { dtype, shape: scale.shape, data: dtype === "int8" ? new Int8Array(count) : new Uint8Array(count) });
    const x = given(use, "input");
    const isHalf = context.type(x)?.dtype === "fp16";
    const wide = isHalf ? context.fresh(`${x}_float32`) : x;
    const before = isHalf ? [node(use, { op: "Cast", inputs: [x], output: wide, attrs: { to: "float32" } })] : [];
    return [...before, node(use, { op: "QuantizeLinear", inputs: [wide, scale.id, zero], attrs: axisAttr(use) })];
  },
};

/** dequantize → DequantizeLinear, and a Cast where its reals are float16. */
export const liftDequantize: Lift = {
  inputs: ["input", "zero_point?", "scale", "axis?"],
  lift(use) {
    const { context } = use;
    const scale = wideScale(use);
    if (scale === null) return { refused: "its scale is computed" };
    const inputs = [given(use, "input"), scale.id, context.value("zero_point")];
    if (context.type(result(use))?.dtype !== "fp16") return [node(use, { op: "DequantizeLinear", inputs, attrs: axisAttr(use) })];
    const wide = context.fresh(`${result(use)}_float32`);
    return [node(use, { op: "DequantizeLinear", inputs, output: wide, attrs: axisAttr(use) }), node(use, { op: "Cast", inputs: [wide], attrs: { to: "float16" } })];
  },
};

/** The scales as float32, whatever they are stored as; null when they are computed. */
function wideScale(use: LiftUse): { readonly id: string; readonly shape: readonly number[] } | null {
  const tensor = constantOf(use, "scale");
  return tensor === null ? null : { id: use.context.addConstant(`${result(use)}_scale`, { ...tensor, dtype: "float32" }), shape: tensor.shape };
}

function axisAttr(use: LiftUse): Readonly<Record<string, number>> {
  const axis = numbersOf(use, "axis")?.[0];
  return axis === undefined || (numbersOf(use, "scale")?.length ?? 1) === 1 ? {} : { axis };
}

/** constexpr_affine_dequantize → the stored integers and DequantizeLinear. */
export const liftAffine: Lift = {
  inputs: ["quantized_data", "zero_point", "scale", "axis"],
  lift(use) {
    const [data, zero, scale] = [constantId(use, "quantized_data"), constantId(use, "zero_point"), constantId(use, "scale")];
    if (data === null || zero === null || scale === null) return { refused: "its numbers are not constant" };
    if (!isStorable(constantOf(use, "quantized_data"))) return { refused: "its numbers are not int8 or uint8" };
    return [node(use, { op: "DequantizeLinear", inputs: [data, scale, zero], attrs: { axis: numberOf(use, "axis", 0) } })];
  },
};

/** constexpr_blockwise_shift_scale: blocks that span all axes but one are DequantizeLinear; others are dequantized here. */
export const liftBlockwise: Lift = {
  inputs: ["data", "scale", "offset?"],
  lift(use) {
    const { context } = use;
    const [data, scale] = [constantOf(use, "data"), constantOf(use, "scale")];
    const offset = constantOf(use, "offset");
    if (data === null || scale === null) return { refused: "its numbers are not constant" };
    if (!isStorable(data) || (offset !== null && !isStorable(offset)) || dtypes[scale.dtype].kind !== "float") return { refused: `it turns ${data.dtype} into ${scale.dtype}` };
    if (scale.shape.length !== data.shape.length || scale.shape.some((blocks, axis) => blocks < 1 || (data.shape[axis] ?? 0) % blocks !== 0)) return { refused: `${scale.shape.join(" × ")} blocks do not divide [${data.shape.join(", ")}]` };
    if (offset !== null && String(offset.shape) !== String(scale.shape)) return { refused: "scale and offset have different shapes" };
    const several = scale.shape.flatMap((blocks, axis) => blocks > 1 ? [axis] : []);
    const [axis = 0] = several;
    if (several.length > 1 || (several.length === 1 && scale.shape[axis] !== data.shape[axis])) {
      context.define(result(use), spread(data, scale, offset));
      return [];
    }
    const count = elementCount(scale.shape);
    const flat = (tensor: Tensor): Tensor => ({ ...tensor, shape: count === 1 ? [] : [count] });
    const ids = [context.addConstant(`${result(use)}_data`, data), context.addConstant(`${result(use)}_scale`, flat(scale)), ...(offset === null ? [] : [context.addConstant(`${result(use)}_offset`, flat(offset))])];
    return [node(use, { op: "DequantizeLinear", inputs: ids, attrs: count === 1 ? {} : { axis } })];
  },
};

/** Integers of at most 8 bits. */
function isStorable(tensor: Tensor | null): boolean {
  return tensor !== null && dtypes[tensor.dtype].bits <= 8 && (dtypes[tensor.dtype].kind === "signed" || dtypes[tensor.dtype].kind === "unsigned");
}

/** Each number with the scale and offset of its block. */
function spread(data: Tensor, scale: Tensor, offset: Tensor | null): Tensor {
  const blockSizes = data.shape.map((dim, axis) => dim / (scale.shape[axis] ?? 1));
  const reals = Float32Array.from(data.data as Int8Array, (stored, index) => {
    let [rest, block, stride] = [index, 0, 1];
    for (let axis = data.shape.length - 1; axis >= 0; axis--) {
      const dim = data.shape[axis] ?? 1;
      block += Math.floor((rest % dim) / (blockSizes[axis] ?? 1)) * stride;
      stride *= scale.shape[axis] ?? 1;
      rest = Math.floor(rest / dim);
    }
    const quant = { kind: "affine", scale: [Number(scale.data[block])], zeroPoint: [Number(offset?.data[block] ?? 0)], axis: null } as const;
    return Number(dequantizeTensor({ tensor: { dtype: "int32", shape: [1], data: Int32Array.of(stored) }, quant }).data[0]);
  });
  return { dtype: scale.dtype, shape: data.shape, data: reals };
}

/** constexpr_lut_to_dense → the numbers that the indices point at, as a constant. */
export const liftPalette: Lift = {
  inputs: ["indices", "lut", "shape?"],
  lift(use) {
    const [indices, lut] = [use.context.constant("indices"), constantOf(use, "lut")];
    if (indices?.kind !== "numbers" || lut === null) return { refused: "its numbers are not constant" };
    if (lut.dtype !== "float32" && lut.dtype !== "float16") return { refused: `a table of ${lut.dtype}` };
    const shape = numbersOf(use, "shape") ?? indices.type.shape.map((dim) => dim ?? 0);
    return palette(use, { indices, lut, shape });
  },
};

interface Palette {
  readonly indices: MilNumbers;
  readonly lut: Tensor;
  readonly shape: readonly number[];
}

/** One table for the whole tensor: lut [entries], or [1, …, 1, entries, 1]. */
function palette(use: LiftUse, { indices, lut, shape }: Palette): Lifted {
  const entries = lut.data.length;
  const bits = Math.log2(entries);
  const count = elementCount(shape);
  if (!Number.isInteger(bits) || bits < 1 || bits > 8 || lut.shape.some((dim) => dim !== 1 && dim !== entries)) return { refused: `a table of [${lut.shape.join(", ")}]` };
  if (indices.bytes.length !== Math.ceil((count * bits) / 8)) return { refused: `${indices.bytes.length} bytes of indices for ${count} numbers of ${bits} bits` };
  const data = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    const at = index * bits;
    const pair = (indices.bytes[at >> 3] ?? 0) | ((indices.bytes[(at >> 3) + 1] ?? 0) << 8);
    data[index] = Number(lut.data[(pair >> (at & 7)) & (entries - 1)]);
  }
  use.context.define(result(use), { dtype: lut.dtype, shape, data });
  return [];
}

function constantOf({ context, operation }: LiftUse, input: string): Tensor | null {
  const bound = operation.inputs[input]?.[0] ?? operation.attributes[input];
  return bound === undefined ? null : context.contents(bound);
}

/** A constant, given as an input or, before iOS 18, as an attribute. */
function constantId(use: LiftUse, input: string): string | null {
  const bound = use.context.value(input);
  if (bound !== null) return bound;
  const value = use.operation.attributes[input];
  const ir = value?.kind === "numbers" ? milDTypes[value.type.dtype].ir : null;
  return value?.kind === "numbers" && ir !== null ? use.context.literal(`${result(use)}_${input}`, value) : null;
}
