import { type DType, type Diagnostic, type Quant, type ValueId, packedBytes } from "@edgewise/graph";
import type { BufferEntry, QuantizationEntry, TensorEntry } from "./decode.ts";
import { dtypeOf, typeName } from "./dtypes.ts";
import { MAX_DIM } from "./limits.ts";
import { fileProblem } from "./problems.ts";

/** A tensor of the file in the IR's terms: uint8 with a scale counts as int8 with a zero point 128 lower. */
export interface Operand {
  readonly index: number;
  readonly id: ValueId;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** A dim that the file leaves open, and whose stored size is used; null for none. */
  readonly openAxis: number | null;
  readonly quant: Quant | null;
  /** Bytes as the file holds them; null for a value that is computed or fed. */
  readonly stored: Uint8Array | null;
  /** The file has uint8 that stands for int8: each stored byte is to be lowered by 128. */
  readonly shifted: boolean;
}

export interface OperandSource {
  readonly file: string;
  readonly ids: readonly ValueId[];
  readonly buffers: readonly BufferEntry[];
}

/** Either the operand, or everything that is wrong with the tensor. */
export function operandOf(entry: TensorEntry, source: OperandSource): Operand | readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  const keyPath = `tensor ${entry.index}${entry.name === "" ? "" : ` (${entry.name})`}`;
  const wrong: Wrong = (code, about) => void problems.push(fileProblem(source.file, { code, keyPath, ...about }));
  const dtype = dtypeIn(entry, wrong);
  checkShape(entry, wrong);
  const own = entry.quantization && dtype !== null ? quantIn({ entry, found: entry.quantization, dtype }, wrong) : null;
  if (entry.variable) wrong("TFLITE_STATE", { summary: "A tensor keeps its contents between inferences", fix: "Use a model that keeps no state." });
  const stored = problems.length === 0 && dtype !== null ? storedIn(entry, dtype, { source, wrong }) : null;
  if (problems.length > 0 || dtype === null) return problems;
  const shifted = dtype === "uint8" && own !== null;
  return {
    index: entry.index, id: source.ids[entry.index] ?? keyPath, shape: entry.shape, stored, shifted,
    dtype: shifted ? "int8" : dtype,
    quant: shifted ? { ...own, zeroPoint: own.zeroPoint.map((zero) => zero - 128) } : own,
    openAxis: openAxisOf(entry),
  };
}

type Wrong = (code: string, about: { readonly summary: string; readonly found?: string; readonly expected?: string; readonly fix?: string }) => void;

function dtypeIn(entry: TensorEntry, wrong: Wrong): DType | null {
  const dtype = dtypeOf(entry.type);
  if (dtype === null) wrong("TFLITE_TENSOR_TYPE", { summary: "A tensor has a type that is not supported", found: typeName(entry.type), expected: "FLOAT32, INT8, UINT8 or another plain number type", fix: "Convert the model to float32 or int8." });
  if (entry.sparse) wrong("TFLITE_SPARSE", { summary: "A tensor is stored in sparse form", fix: "Convert the model with dense weights." });
  if (dtype === "int16" && entry.quantization !== null) {
    wrong("TFLITE_INT16_ACTIVATIONS", { summary: "Activations are quantized to 16 bits", found: "INT16 with a scale (16x8 quantization)", expected: "INT8", fix: "Quantize the model with int8 activations." });
  }
  return dtype;
}

/** The first dim is the batch, whose stored size is 1: opening it is how converters write. */
function openAxisOf({ signature }: TensorEntry): number | null {
  const open = signature?.findIndex((dim, axis) => dim < 0 && axis > 0) ?? -1;
  return open < 0 ? null : open;
}

function checkShape({ shape }: TensorEntry, wrong: Wrong): void {
  const bad = shape.find((dim) => dim < 0 || dim > MAX_DIM);
  const elements = shape.reduce((product, dim) => product * dim, 1);
  if (bad !== undefined) wrong("TFLITE_TENSOR_SHAPE", { summary: "A tensor has a dim without a size", found: `[${shape.join(", ")}]`, expected: "sizes from 0", fix: "Convert the model with fixed input shapes." });
  else if (!Number.isSafeInteger(elements * 8)) wrong("TFLITE_TENSOR_SHAPE", { summary: "A tensor is larger than any memory", found: `[${shape.join(", ")}]` });
}

interface Stated {
  readonly entry: TensorEntry;
  readonly found: QuantizationEntry;
  readonly dtype: DType;
}

/** Scales positive and finite, one or one for each index of the axis; zero points likewise, within the type; absent: 0. */
function quantIn({ entry, found, dtype }: Stated, wrong: Wrong): Quant | null {
  const range = ranges[dtype];
  const text = `${found.scale.length} scales, ${found.zeroPoint.length} zero points, ${typeName(entry.type)} [${entry.shape.join(", ")}]`;
  if (found.special || range === undefined) {
    wrong("TFLITE_QUANT", { summary: "A tensor is quantized in a way that is not supported", found: found.special ? "a form of its own (custom or blockwise)" : typeName(entry.type), expected: "a scale and zero point for INT8, UINT8 or INT32", fix: "Quantize the model to int8." });
    return null;
  }
  const many = found.scale.length > 1;
  const zeroPoint = found.zeroPoint.length === 0 ? found.scale.map(() => 0) : found.zeroPoint.length === 1 ? found.scale.map(() => found.zeroPoint[0] ?? 0) : found.zeroPoint;
  // A vector has one axis, whatever old converters state for the bias of a depthwise convolution.
  const axis = entry.shape.length === 1 ? 0 : found.axis;
  const fits = zeroPoint.length === found.scale.length && (!many || entry.shape[axis] === found.scale.length);
  if (!fits) wrong("TFLITE_QUANT", { summary: "The scales of a tensor do not fit its shape", found: text, expected: many ? `one for each index of axis ${axis}` : "one scale" });
  const badScale = found.scale.find((scale) => !(scale > 0) || !Number.isFinite(scale));
  if (badScale !== undefined) wrong("TFLITE_QUANT", { summary: "A scale is not a positive number", found: String(badScale), fix: "Quantize the model again." });
  const badZero = zeroPoint.find((zero) => zero < range.min || zero > range.max);
  if (badZero !== undefined) wrong("TFLITE_QUANT", { summary: "A zero point is not a number of the tensor's type", found: `${badZero} in ${typeName(entry.type)}`, expected: `${range.min} to ${range.max}`, fix: "Quantize the model again." });
  if (!fits || badScale !== undefined || badZero !== undefined) return null;
  return { kind: "affine", scale: found.scale, zeroPoint, axis: many ? axis : null };
}

/** Zero points by type: the range of the type; int32 (a bias) has none. */
const ranges: Partial<Record<DType, { readonly min: number; readonly max: number }>> = {
  int8: { min: -128, max: 127 }, uint8: { min: 0, max: 255 }, int16: { min: -32768, max: 32767 }, int32: { min: 0, max: 0 },
};

/** Buffer 0 is empty by definition; any other empty buffer means no contents either. */
function storedIn(entry: TensorEntry, dtype: DType, { source, wrong }: { readonly source: OperandSource; readonly wrong: Wrong }): Uint8Array | null {
  const found = source.buffers[entry.buffer];
  if (found === undefined) {
    wrong("TFLITE_GRAPH", { summary: "A tensor names a buffer that the file does not have", found: `buffer ${entry.buffer}`, expected: `below ${source.buffers.length}` });
    return null;
  }
  if (found.external) {
    wrong("TFLITE_EXTERNAL_BUFFER", { summary: "The contents of a tensor stand outside of the FlatBuffer", found: `buffer ${entry.buffer} with an offset of its own`, expected: "contents inside of the buffer", fix: "Use a model below 2 GB, whose weights stand in the FlatBuffer." });
    return null;
  }
  if (entry.buffer === 0 || found.data === null || found.data.length === 0) return null;
  const bytes = packedBytes(dtype, entry.shape.reduce((product, dim) => product * dim, 1));
  if (found.data.length === bytes) return found.data;
  wrong("TFLITE_TENSOR_BYTES", { summary: "The contents of a tensor do not fill its shape", found: `${found.data.length} bytes`, expected: `${bytes} bytes: ${typeName(entry.type)} [${entry.shape.join(", ")}]` });
  return null;
}
