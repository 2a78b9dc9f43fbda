import { activations, paddings } from "../schema.ts";
import { typeNumber } from "../dtypes.ts";

/** One field of an options table: its number, how it is stored, and the value that is left out. */
export interface OptionField {
  readonly field: number;
  readonly kind: "int8" | "int32" | "float32" | "int32s" | "padding" | "activation" | "mirror" | "type";
  readonly otherwise: number;
}

/** The options table of an operator: its number in union BuiltinOptions, and its fields by name. */
export interface OptionsTable {
  readonly type: number;
  readonly fields: Readonly<Record<string, OptionField>>;
}

const field = (number: number, kind: OptionField["kind"], otherwise = 0): OptionField => ({ field: number, kind, otherwise });
const fused = (number: number): Readonly<Record<string, OptionField>> => ({ fused_activation_function: field(number, "activation") });
const steps: Readonly<Record<string, OptionField>> = { padding: field(0, "padding"), stride_w: field(1, "int32"), stride_h: field(2, "int32") };
const dilation = (number: number): Readonly<Record<string, OptionField>> => ({ dilation_w_factor: field(number, "int32", 1), dilation_h_factor: field(number + 1, "int32", 1) });
const window: OptionsTable = { type: 5, fields: { ...steps, filter_width: field(3, "int32"), filter_height: field(4, "int32"), ...fused(5) } };
const reducer: OptionsTable = { type: 27, fields: { keep_dims: field(0, "int8") } };
const block: Readonly<Record<string, OptionField>> = { block_size: field(0, "int32") };
const splits: Readonly<Record<string, OptionField>> = { num_splits: field(0, "int32") };

/**
 * Operators with fields in their options; the options of the others say nothing and are left out.
 *
 * Source: github.com/tensorflow/tensorflow, tensorflow/compiler/mlir/lite/schema/schema.fbs, union BuiltinOptions and the tables
 * that it names.
 */
export const optionsTables: Readonly<Record<string, OptionsTable>> = {
  CONV_2D: { type: 1, fields: { ...steps, ...fused(3), ...dilation(4), quantized_bias_type: field(6, "type") } },
  DEPTHWISE_CONV_2D: { type: 2, fields: { ...steps, depth_multiplier: field(3, "int32"), ...fused(4), ...dilation(5) } },
  AVERAGE_POOL_2D: window,
  MAX_POOL_2D: window,
  L2_POOL_2D: window,
  FULLY_CONNECTED: { type: 8, fields: { ...fused(0), weights_format: field(1, "int8"), keep_num_dims: field(2, "int8"), asymmetric_quantize_inputs: field(3, "int8"), quantized_bias_type: field(4, "type") } },
  SOFTMAX: { type: 9, fields: { beta: field(0, "float32") } },
  CONCATENATION: { type: 10, fields: { axis: field(0, "int32"), ...fused(1) } },
  ADD: { type: 11, fields: { ...fused(0), pot_scale_int16: field(1, "int8", 1) } },
  RESIZE_BILINEAR: { type: 15, fields: { align_corners: field(2, "int8"), half_pixel_centers: field(3, "int8") } },
  RESHAPE: { type: 17, fields: { new_shape: field(0, "int32s") } },
  SPACE_TO_DEPTH: { type: 19, fields: block },
  MUL: { type: 21, fields: fused(0) },
  GATHER: { type: 23, fields: { axis: field(0, "int32"), batch_dims: field(1, "int32") } },
  MEAN: reducer,
  SUM: reducer,
  REDUCE_MAX: reducer,
  REDUCE_MIN: reducer,
  REDUCE_PROD: reducer,
  SUB: { type: 28, fields: { ...fused(0), pot_scale_int16: field(1, "int8", 1) } },
  DIV: { type: 29, fields: fused(0) },
  SQUEEZE: { type: 30, fields: { squeeze_dims: field(0, "int32s") } },
  STRIDED_SLICE: { type: 32, fields: { begin_mask: field(0, "int32"), end_mask: field(1, "int32"), ellipsis_mask: field(2, "int32"), new_axis_mask: field(3, "int32"), shrink_axis_mask: field(4, "int32"), offset: field(5, "int8") } },
  SPLIT: { type: 35, fields: splits },
  CAST: { type: 37, fields: { in_data_type: field(0, "type"), out_data_type: field(1, "type") } },
  TRANSPOSE_CONV: { type: 49, fields: { ...steps, ...fused(3), quantized_bias_type: field(4, "type") } },
  PACK: { type: 59, fields: { values_count: field(0, "int32"), axis: field(1, "int32") } },
  UNPACK: { type: 64, fields: { num: field(0, "int32"), axis: field(1, "int32") } },
  RESIZE_NEAREST_NEIGHBOR: { type: 74, fields: { align_corners: field(0, "int8"), half_pixel_centers: field(1, "int8") } },
  LEAKY_RELU: { type: 75, fields: { alpha: field(0, "float32") } },
  MIRROR_PAD: { type: 77, fields: { mode: field(0, "mirror") } },
  SPLIT_V: { type: 79, fields: splits },
  DEPTH_TO_SPACE: { type: 94, fields: block },
  BATCH_MATMUL: { type: 101, fields: { adj_x: field(0, "int8"), adj_y: field(1, "int8"), asymmetric_quantize_inputs: field(2, "int8") } },
  GELU: { type: 116, fields: { approximate: field(0, "int8") } },
};

const mirrors: readonly string[] = ["REFLECT", "SYMMETRIC"];

/** Number of an option written as the schema names it; null for a name that the enum does not have. */
export function optionNumber(kind: OptionField["kind"], value: string): number | null {
  const at = kind === "type" ? typeNumber(value) : (kind === "padding" ? paddings : kind === "activation" ? activations : kind === "mirror" ? mirrors : [] as readonly string[]).findIndex((name) => name === value);
  return at < 0 ? null : at;
}
