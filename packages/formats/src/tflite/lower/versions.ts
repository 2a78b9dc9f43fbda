import type { Attrs } from "@edgewise/graph";
import type { ProgramTensor } from "../program.ts";

/** An operator as its version depends on it; null for an input that is left out. */
export interface Use {
  readonly inputs: readonly (ProgramTensor | null)[];
  readonly outputs: readonly (ProgramTensor | null)[];
  readonly options: Attrs;
}

type Rule = (use: Use) => number;

/** 1 for floats; int8 and int16 were added later. */
const byType = (int8: number, int16: number = int8): Rule => ({ inputs }) => {
  const type = inputs[0]?.type;
  return type === "INT16" ? int16 : type === "INT8" ? int8 : 1;
};

const rankOf = ({ inputs }: Use): number => Math.max(...inputs.map((tensor) => tensor?.shape.length ?? 0));
const broadcasts = ({ inputs: [a, b] }: Use): boolean => String(a?.shape) !== String(b?.shape);
const wide = (use: Use): boolean => broadcasts(use) && rankOf(use) > 4;

const convolution: Rule = ({ inputs: [x, w] }) => {
  if (x?.shape[3] !== w?.shape[3]) return 6;
  if (x?.type === "INT16") return 4;
  if (x?.type === "INT8") return 3;
  if (w?.type === "INT8") return w.quant?.axis === null ? 2 : 5;
  return 1;
};

const depthwise: Rule = ({ inputs: [x, w], options }) => {
  if (x?.type === "INT16") return 5;
  if (x?.type === "INT8") return 3;
  if (w?.type === "INT8") return w.quant?.axis === null ? 4 : 6;
  return (options["dilation_w_factor"] ?? 1) !== 1 || (options["dilation_h_factor"] ?? 1) !== 1 ? 2 : 1;
};

const dense: Rule = ({ inputs, options }) => {
  const [x, w, bias = null] = inputs;
  if (x?.type === "FLOAT32" && w?.type === "INT8" && w.quant?.axis !== null) return 12;
  if (x?.type === "INT16") return options["quantized_bias_type"] !== undefined ? 11 : 7;
  if (bias === null) return 6;
  if (options["keep_num_dims"] === 1) return 5;
  if (x?.type === "INT8") return 4;
  if (w?.type === "INT8") return options["asymmetric_quantize_inputs"] === 1 ? 9 : 3;
  return 1;
};

const transposed: Rule = ({ inputs, options }) => {
  const activation = options["fused_activation_function"];
  if (activation !== undefined && activation !== "NONE") return 4;
  if (inputs.length > 3 && inputs[3] !== null) return 3;
  return inputs[1]?.type === "INT8" ? 2 : 1;
};

const product: Rule = ({ inputs: [a, b], outputs: [y] }) => {
  if (a?.type === "INT64") return 5;
  if (a?.type === "INT16") return a.quant === null ? 7 : 4;
  if (a?.type !== "INT8") return 1;
  const scale = (tensor: ProgramTensor | null | undefined): number => tensor?.quant?.scale[0] ?? NaN;
  return (scale(a) * scale(b)) / scale(y) >= 1 ? 3 : 2;
};

const sum: Rule = ({ inputs: [a] }) => (a?.type === "INT64" ? 4 : a?.type === "INT16" ? (a.quant === null ? 5 : 3) : a?.type === "INT8" ? 2 : 1);

const difference: Rule = (use) => {
  const type = use.inputs[0]?.type;
  if (type === "INT16") return 5;
  if (type === "INT64") return 4;
  return wide(use) ? 3 : type === "INT8" ? 2 : 1;
};

const extremum: Rule = (use) => (use.inputs[0]?.type === "INT16" ? 4 : wide(use) ? 3 : use.inputs[0]?.type === "INT8" ? 2 : 1);

const transpose: Rule = (use) => {
  const [rank, type] = [use.inputs[0]?.shape.length ?? 0, use.inputs[0]?.type];
  return rank > 5 ? 6 : type === "INT16" ? 5 : rank > 4 ? 4 : type === "BOOL" ? 3 : type === "INT8" ? 2 : 1;
};

const padding: Rule = ({ inputs: [x] }) => ((x?.shape.length ?? 0) > 4 ? 4 : x?.type === "INT16" ? 3 : x?.type === "INT8" ? 2 : 1);
const resizing = (modern: (options: Attrs) => boolean): Rule => ({ inputs: [x], options }) => (x?.type === "INT16" ? 4 : modern(options) ? 3 : x?.type === "INT8" ? 2 : 1);

const slicing: Rule = ({ inputs: [x] }) => ((x?.shape.length ?? 0) > 4 ? 5 : x?.type === "INT16" ? 4 : x?.type === "INT8" ? 2 : 1);
const stridedSlicing: Rule = ({ inputs: [x] }) => ((x?.shape.length ?? 0) > 4 ? 4 : x?.type === "BOOL" ? 3 : x?.type === "INT8" ? 2 : 1);

const splitting: Rule = ({ inputs: [, x] }) => (x?.type === "INT16" ? 4 : x?.type === "INT32" ? 3 : x?.type === "INT8" ? 2 : 1);
const gathering: Rule = ({ inputs: [x] }) => (x?.type === "INT16" ? 4 : x?.type === "BOOL" ? 3 : x?.type === "INT8" ? 2 : 1);

const dequantizing: Rule = ({ inputs: [x] }) => (x?.type === "INT16" || x?.type === "FLOAT16" ? 3 : x?.type === "INT8" ? (x.quant?.axis === null ? 2 : 5) : 1);
const quantizing: Rule = ({ outputs: [y] }) => (y?.quant?.axis !== null ? 3 : y.type === "INT16" ? 2 : 1);

const casting: Rule = ({ inputs: [x], outputs: [y] }) => {
  const types = [x?.type, y?.type];
  return types.includes("FLOAT16") ? 5 : types.includes("INT8") ? 3 : 1;
};

const rules: Readonly<Record<string, Rule>> = {
  CONV_2D: convolution, DEPTHWISE_CONV_2D: depthwise, TRANSPOSE_CONV: transposed, FULLY_CONNECTED: dense, BATCH_MATMUL: byType(2, 3),
  AVERAGE_POOL_2D: byType(2, 3), MAX_POOL_2D: byType(2, 3), MEAN: byType(2, 3),
  ADD: sum, SUB: difference, MUL: product, DIV: (use) => (wide(use) ? 2 : 1), MINIMUM: extremum, MAXIMUM: extremum,
  RELU: byType(2, 3), RELU6: byType(2, 3), LEAKY_RELU: byType(1, 2), LOGISTIC: byType(2, 3), TANH: byType(2, 3),
  SOFTMAX: byType(2, 3), LOG_SOFTMAX: byType(2),
  PAD: padding, PADV2: padding, MIRROR_PAD: byType(2, 3), CONCATENATION: byType(2, 3), SPLIT: splitting, SPLIT_V: byType(2),
  SLICE: slicing, STRIDED_SLICE: stridedSlicing, TRANSPOSE: transpose, GATHER: gathering, CAST: casting,
  RESIZE_BILINEAR: resizing((options) => options["half_pixel_centers"] === 1),
  RESIZE_NEAREST_NEIGHBOR: resizing((options) => options["half_pixel_centers"] === 1 || options["align_corners"] === 1),
  QUANTIZE: quantizing, DEQUANTIZE: dequantizing,
};

/**
 * The lowest version of an operator whose definition covers this use; 1 for operators that never changed.
 *
 * Source: the operators' published version history, tensorflow/compiler/mlir/lite/tools/versioning/op_version.cc.
 */
export function versionOf(op: string, use: Use): number {
  return rules[op]?.(use) ?? 1;
}
