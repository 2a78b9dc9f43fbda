/** The kernels that exist. A bundle carries only those its network calls. */
export type KernelName =
  | "conv" | "conv_grouped" | "depthwise" | "dense"
  | "conv_transpose"
  | "add" | "mul" | "prelu" | "minimum" | "maximum" | "lookup"
  | "max_pool" | "average_pool" | "mean" | "resize_nearest" | "resize_bilinear"
  | "softmax" | "copy" | "fill"
  | "add_linear" | "add_dsp" | "conv_dsp" | "dense_dsp" | "depthwise_dsp" | "depthwise_exact_dsp" | "conv_thumb" | "depthwise_thumb" | "dense_thumb";

export type FieldType = "const int8_t *" | "const int32_t *" | "int32_t" | "int16_t" | "int8_t";

/** A member of a kernel's parameter struct. */
export interface Field {
  readonly type: FieldType;
  readonly name: string;
  readonly comment: string;
}

/**
 * One operation in C99. `source` is a complete function over the struct made of `fields`; `ew_` in it stands for the
 * bundle's own prefix. Fields are ordered widest first, so the struct has no holes.
 */
export interface Kernel {
  readonly name: KernelName;
  readonly summary: string;
  readonly fields: readonly Field[];
  /** Names of the activation pointers that are read. */
  readonly inputs: readonly string[];
  /** True when the function takes working memory, `int8_t *scratch`, aligned to four bytes, as its last argument. */
  readonly scratch?: boolean;
  /** Bytes past the end of an input that assembly may load, and never uses. */
  readonly readAheadBytes?: number;
  readonly source: string;
  /**
   * Inner loops in assembly, for the C preprocessor first. `source` holds the same functions in C for every other
   * instruction set: they are the oracle, and let the library run on a desk.
   */
  readonly assembly?: KernelAssembly;
}

export interface KernelAssembly {
  readonly source: string;
  /** Preprocessor condition under which the assembly stands for the C; both files ask it. */
  readonly condition: string;
  /** Deepest push of any function in it. */
  readonly stackBytes: number;
}

/** Bytes on a 32-bit target, where pointers have four. */
const fieldBytes: Readonly<Record<FieldType, number>> = { "const int8_t *": 4, "const int32_t *": 4, int32_t: 4, int16_t: 2, int8_t: 1 };

/** sizeof of the kernel's parameter struct on a 32-bit target: members in order, each at its own alignment, padded to the widest. */
export function structBytes(kernel: Kernel): number {
  let bytes = 0;
  let widest = 1;
  for (const { type } of kernel.fields) {
    const size = fieldBytes[type];
    widest = Math.max(widest, size);
    bytes = Math.ceil(bytes / size) * size + size;
  }
  return Math.ceil(bytes / widest) * widest;
}

/** Offset of each member in the struct on a 32-bit target, as `.equ` lines for assembly. */
export function fieldOffsets(fields: readonly Field[], symbol: string): string {
  let offset = 0;
  return fields.map(({ type, name }) => {
    const size = fieldBytes[type];
    const at = Math.ceil(offset / size) * size;
    offset = at + size;
    return `    .equ ${symbol}_${name}, ${at}`;
  }).join("\n");
}

/** Whether a number can be stored in a field; addresses always can. */
export function fitsField(type: FieldType, value: number): boolean {
  const bits = 8 * fieldBytes[type] - 1;
  return type.endsWith("*") || (value >= -(2 ** bits) && value < 2 ** bits);
}

/** Members that every kernel with a fused clamp ends with. */
export const clampFields: readonly Field[] = [
  { type: "int8_t", name: "clamp_min", comment: "smallest and largest result" },
  { type: "int8_t", name: "clamp_max", comment: "" },
];

/** Members that every windowed kernel shares: channels last, sizes in elements. */
export const windowFields: readonly Field[] = [
  { type: "int16_t", name: "in_height", comment: "input [in_height][in_width][channels]" },
  { type: "int16_t", name: "in_width", comment: "" },
  { type: "int16_t", name: "out_height", comment: "output [out_height][out_width][channels]" },
  { type: "int16_t", name: "out_width", comment: "" },
  { type: "int16_t", name: "kernel_height", comment: "" },
  { type: "int16_t", name: "kernel_width", comment: "" },
  { type: "int16_t", name: "stride_height", comment: "" },
  { type: "int16_t", name: "stride_width", comment: "" },
  { type: "int16_t", name: "pad_top", comment: "rows of padding above, columns to the left" },
  { type: "int16_t", name: "pad_left", comment: "" },
];

/** Per-channel tables of a layer that multiplies. */
export const weightFields: readonly Field[] = [
  { type: "const int8_t *", name: "weights", comment: "" },
  { type: "const int32_t *", name: "bias", comment: "bias - input zero point * sum of (weight - weight zero point)" },
  { type: "const int32_t *", name: "multiplier", comment: "input scale * weight scale / output scale = multiplier * 2^(shift - 31)" },
  { type: "const int8_t *", name: "shift", comment: "" },
];
